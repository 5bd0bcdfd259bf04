// Where the steps come from, whether their code may run, and the ways to choose, to trust and to add to them.
import { Button } from '@mantine/core'
import { FilePlus2, FolderOpen, FolderTree, Package, ShieldAlert, ShieldCheck } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { MigrationList } from '../../../shared/migration-steps.ts'
import { Notice } from '../../ui/notice.tsx'
import { PathText } from '../../ui/path-text.tsx'
import { ReasonButton } from '../../ui/reason-button.tsx'
import { forgetRun } from '../migration-runs.ts'
import { CallProblem } from './call-problem.tsx'
import { useTakeFolder } from './folder-calls.ts'
import { NewMigrationDialog } from './new-migration-dialog.tsx'
import { TrustDialog } from './trust-dialog.tsx'
import { trustWords } from './trust-words.ts'
import { usePickFolder } from './use-pick-folder.tsx'
import css from './folder.module.css'

interface FolderBarProps {
  profileId: string
  list: MigrationList
  /** The folder is another, is trusted now, or has a new file. */
  onChanged: () => void
}

export function FolderBar({ profileId, list: { folder, steps }, onChanged }: FolderBarProps) {
  const taking = useTakeFolder(profileId)
  const [open, setOpen] = useState<'trust' | 'new' | null>(null)
  const take = async (path: string | null) => {
    await taking.mutateAsync(path)
    forgetRun(profileId)
    onChanged()
  }
  const picking = usePickFolder(take)
  const isOwn = folder.path === null
  const isTrusted = folder.trust === 'trusted' || folder.trust === 'built-in'

  // The button that was pressed is gone with what it changed: whoever has no mouse would begin at the top of the page.
  const bar = useRef<HTMLDivElement>(null)
  const shown = `${folder.path} ${folder.trust}`
  const before = useRef(shown)
  useEffect(() => {
    if (before.current !== shown && document.activeElement === document.body) bar.current?.focus()
    before.current = shown
  }, [shown])

  return (
    <div ref={bar} tabIndex={-1} className={css.bar} role="group" aria-label="Where the steps come from">
      <div className={css.place}>
        <div className={css.from}>
          {isOwn ? <Package size={15} aria-hidden /> : <FolderTree size={15} aria-hidden />}
          <span className={css.dim}>Steps from</span>
          {folder.path === null ? (
            <span className={css.strong}>Roster’s own steps</span>
          ) : (
            <PathText path={folder.path} />
          )}
          {!isOwn && (
            <span className={css.trust} data-trusted={isTrusted || undefined}>
              {isTrusted ? <ShieldCheck size={13} aria-hidden /> : <ShieldAlert size={13} aria-hidden />}
              {isTrusted ? 'Trusted' : folder.trust === 'new' ? 'Not trusted' : 'Changed'}
            </span>
          )}
        </div>
        <div className={css.buttons}>
          <ReasonButton
            leftSection={<FilePlus2 size={14} />}
            reason={isOwn ? 'Roster’s own steps come with Roster. Choose a folder to write steps of your own.' : null}
            onClick={() => setOpen('new')}
          >
            New migration
          </ReasonButton>
          {!isOwn && (
            <Button leftSection={<Package size={14} />} onClick={() => void take(null).catch(() => undefined)}>
              Use Roster’s own steps
            </Button>
          )}
          <Button leftSection={<FolderOpen size={14} />} aria-disabled={picking.isBusy} onClick={picking.pick}>
            {isOwn ? 'Choose a folder' : 'Choose another folder'}
          </Button>
        </div>
      </div>
      {!isTrusted && (
        <Notice
          tone="warn"
          actions={
            <Button leftSection={<ShieldCheck size={14} />} onClick={() => setOpen('trust')}>
              Review and trust
            </Button>
          }
        >
          {trustWords(folder)}
        </Notice>
      )}
      {folder.problem !== null && <Notice tone="warn">{folder.problem}</Notice>}
      {!picking.dialog && <CallProblem error={picking.error ?? taking.error} />}
      {picking.dialog}
      {open === 'trust' && <TrustDialog profileId={profileId} onClose={() => setOpen(null)} onTrusted={onChanged} />}
      {open === 'new' && (
        <NewMigrationDialog
          profileId={profileId}
          present={steps.filter(({ kind }) => kind !== null).map(({ name }) => name)}
          onClose={() => setOpen(null)}
          onCreated={onChanged}
        />
      )}
    </div>
  )
}

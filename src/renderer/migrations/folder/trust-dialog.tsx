// Before a folder's code may run: where it is, what is in it, what changed, and what trusting it allows.
import { Button, Loader, Modal } from '@mantine/core'
import type { MigrationsFolder } from '../../../shared/migration-steps.ts'
import { wordsOf } from '../../ui/call-error.ts'
import { Notice } from '../../ui/notice.tsx'
import { ReasonButton } from '../../ui/reason-button.tsx'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import { CallProblem } from './call-problem.tsx'
import { DialogFoot } from './dialog-foot.tsx'
import { useFolderNow, useTrust } from './folder-calls.ts'
import { TrustFiles } from './trust-files.tsx'
import css from './folder.module.css'

interface TrustDialogProps {
  profileId: string
  onClose: () => void
  onTrusted: () => void
}

export function TrustDialog({ profileId, onClose, onTrusted }: TrustDialogProps) {
  useReturnFocus()
  // What is trusted is what is shown here, so it is read when the dialog opens and stays until it is read again on purpose.
  const { data: folder, error, isFetching, refetch } = useFolderNow(profileId)
  const trusting = useTrust(profileId)
  const trust = (content: string) =>
    trusting.mutate(content, {
      onSuccess: () => {
        onTrusted()
        onClose()
      },
    })
  const isRefused = trusting.error !== null && wordsOf(trusting.error).code !== 'NOT_STORED'
  return (
    <Modal opened onClose={onClose} title="Trust this folder of migrations?" size={820}>
      <div className={css.dialog}>
        <CallProblem error={error ?? trusting.error} />
        {!folder && !error && <Loader size={18} aria-label="Reading the folder" />}
        {folder && <What folder={folder} />}
        {folder && <TrustFiles profileId={profileId} files={folder.files} />}
      </div>
      <DialogFoot>
        {(isRefused || error !== null) && (
          <Button
            loading={isFetching}
            onClick={() => {
              trusting.reset()
              void refetch()
            }}
          >
            Read the folder again
          </Button>
        )}
        <Button onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <ReasonButton
          variant="filled"
          reason={whyNot(folder, { isReading: isFetching, isPending: trusting.isPending, isRefused })}
          onClick={() => folder && trust(folder.content)}
        >
          Trust this folder
        </ReasonButton>
      </DialogFoot>
    </Modal>
  )
}

function What({ folder }: { folder: MigrationsFolder }) {
  return (
    <>
      <div className={css.path}>{folder.path}</div>
      <Notice tone="warn">
        The migrations in this folder are programs. Once it is trusted, they run on the machine that Roster runs on, as
        the user who started Roster, whenever a plan is made, rehearsed or run. They can read and change that user’s
        files, use the network, and do to the database what the login for migrations may do.
      </Notice>
      <p className={css.text}>
        Trust holds for these files as they are. When one of them changes, nothing of the folder runs until it was
        looked at again.
      </p>
      {folder.problem !== null && <Notice tone="warn">{folder.problem}</Notice>}
    </>
  )
}

interface Doing {
  isReading: boolean
  isPending: boolean
  isRefused: boolean
}

function whyNot(folder: MigrationsFolder | undefined, { isReading, isPending, isRefused }: Doing): string | null {
  // What stands here while it is read again is what was refused.
  if (!folder || isReading) return 'The folder is being read.'
  if (isPending) return 'It is being stored.'
  if (isRefused) return 'The folder is to be read again first.'
  if (folder.trust === 'trusted') return 'This folder is trusted already.'
  return folder.trust === 'built-in' ? 'Roster’s own steps need no trust.' : null
}

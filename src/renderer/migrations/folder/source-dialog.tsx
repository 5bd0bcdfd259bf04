// The files of one step as they are, and for a changed step what is different since it was applied.
import { Button, Group, Loader, Modal, SegmentedControl } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { Outputs } from '../../../shared/contract.ts'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import { CallProblem } from './call-problem.tsx'
import { CodeText } from './code-text.tsx'
import { DialogFoot } from './dialog-foot.tsx'
import { DiffView } from './diff-view.tsx'
import { useSource } from './folder-calls.ts'
import { linesOf } from './line-diff.ts'
import css from './folder.module.css'

type Source = Outputs['migrations']['source']
type File = Source['files'][number]
type View = 'difference' | 'now' | 'applied'

interface SourceDialogProps {
  profileId: string
  name: string
  onClose: () => void
}

export function SourceDialog({ profileId, name, onClose }: SourceDialogProps) {
  useReturnFocus()
  const { data, error } = useSource(profileId, name)
  return (
    <Modal opened onClose={onClose} title={name} size={980}>
      <div className={css.dialog}>
        <CallProblem error={error} />
        {!data && !error && <Loader size={18} aria-label="Reading the files" />}
        {data && <Texts source={data} />}
      </div>
      <DialogFoot>
        <Button onClick={onClose} data-autofocus>
          Close
        </Button>
      </DialogFoot>
    </Modal>
  )
}

function Texts({ source: { files, applied } }: { source: Source }) {
  const changes = useMemo(() => (applied ? changesOf(applied, files) : []), [applied, files])
  const [view, setView] = useState<View>('difference')
  if (!applied || files.length === 0 || changes.length === 0) {
    return (
      <>
        <p className={css.text}>{plainWords(files, applied)}</p>
        {(files.length > 0 ? files : (applied ?? [])).map((file) => (
          <CodeText key={file.name} title={file.name} text={file.text} />
        ))}
      </>
    )
  }
  return (
    <>
      <Group justify="space-between" gap="sm">
        <p className={css.text}>The database has what was applied. What was changed since has not been run.</p>
        <SegmentedControl
          size="xs"
          className={css.views ?? ''}
          aria-label="What is shown"
          value={view}
          onChange={setView}
          data={[
            { value: 'difference', label: 'Difference' },
            { value: 'applied', label: 'As it was applied' },
            { value: 'now', label: 'As it is now' },
          ]}
        />
      </Group>
      {view === 'difference' &&
        changes.map(({ name, before, after }) => (
          <DiffView
            key={name}
            title={name}
            before={before}
            after={after}
            sides={['as it was applied', 'as it is now']}
          />
        ))}
      {view !== 'difference' &&
        (view === 'now' ? files : applied).map((file) => (
          <CodeText key={file.name} title={file.name} text={file.text} />
        ))}
    </>
  )
}

function plainWords(files: readonly File[], applied: readonly File[] | null): string {
  if (files.length > 0 && applied) return 'As it was when the step was applied.'
  if (files.length > 0) return 'The text as it is now. Roster has no earlier text to compare it with.'
  if (applied) return 'The file is not in the folder any more. This is its text as it was applied.'
  return 'The file is not in the folder, and Roster has no record of its text.'
}

/** Files that differ; one that is new or gone is compared with nothing. A renamed file is compared with what it was. */
function changesOf(applied: readonly File[], files: readonly File[]) {
  const isSingle = applied.length === 1 && files.length === 1
  const names = isSingle ? [files[0]!.name] : [...new Set([...applied, ...files].map(({ name }) => name))]
  const textIn = (all: readonly File[], name: string) =>
    (isSingle ? all[0] : all.find((file) => file.name === name))?.text ?? ''
  return names
    .map((name) => ({ name, before: linesOf(textIn(applied, name)), after: linesOf(textIn(files, name)) }))
    .filter(({ before, after }) => before.join('\n') !== after.join('\n'))
}

// Writes a new migration from a template: its title, its kind, the name the file will have, and where it was written.
import { Button, Modal, Radio, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { Notice } from '../../ui/notice.tsx'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import { CallProblem } from './call-problem.tsx'
import { DialogFoot } from './dialog-foot.tsx'
import { useCreate } from './folder-calls.ts'
import { previewNames, type NewKind } from './new-name.ts'
import css from './folder.module.css'

const kinds: { value: NewKind; label: string; description: string }[] = [
  { value: 'ts', label: 'TypeScript', description: 'A knex migration with types.' },
  { value: 'js', label: 'JavaScript', description: 'A knex migration.' },
  { value: 'sql', label: 'SQL', description: 'Two files: one that goes up, one that goes down.' },
]

interface NewMigrationDialogProps {
  profileId: string
  /** Names of the steps in the folder: a new one comes after them. */
  present: readonly string[]
  onClose: () => void
  onCreated: () => void
}

export function NewMigrationDialog({ profileId, present, onClose, onCreated }: NewMigrationDialogProps) {
  useReturnFocus()
  const creating = useCreate(profileId)
  const [title, setTitle] = useState('')
  const [kind, setKind] = useState<NewKind>('ts')
  const [isTold, setTold] = useState(false)
  // The time of the preview stays while somebody types; the file gets the time at which it is written.
  const [now] = useState(() => new Date())
  const preview = previewNames(present, title, kind, now)
  const refused = preview && 'refused' in preview ? preview.refused : null
  const next = preview && 'names' in preview ? preview : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (creating.isPending) return
    if (next === null) return setTold(true)
    creating.mutate({ title: title.trim(), kind }, { onSuccess: onCreated })
  }
  if (creating.data) return <Written {...creating.data} onClose={onClose} />
  return (
    <Modal opened onClose={onClose} title="New migration" size={560}>
      <form onSubmit={submit}>
        <div className={css.dialog}>
          <CallProblem error={creating.error} />
          <TextInput
            label="What it does"
            placeholder="Add a phone number to users"
            data-autofocus
            autoComplete="off"
            maxLength={100}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
            error={refused ?? (isTold && next === null ? 'A title is needed.' : null)}
          />
          <Radio.Group label="Kind" value={kind} onChange={(value) => setKind(value)}>
            <div className={css.kinds}>
              {kinds.map(({ value, label, description }) => (
                <Radio key={value} value={value} label={label} description={description} />
              ))}
            </div>
          </Radio.Group>
          <div>
            <div className={css.dim}>
              {next?.names.length === 2 ? 'Names of the files' : 'Name of the file'}
              {next?.isDated && ', with the time of writing (UTC)'}
            </div>
            <div className={css.path} aria-live="polite">
              {next === null ? '…' : next.names.map((name) => <div key={name}>{name}</div>)}
            </div>
          </div>
        </div>
        <DialogFoot>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" data-disabled={next === null} aria-disabled={next === null}>
            {kind === 'sql' ? 'Write the files' : 'Write the file'}
          </Button>
        </DialogFoot>
      </form>
    </Modal>
  )
}

function Written({ paths, isOpened, onClose }: { paths: string[]; isOpened: boolean; onClose: () => void }) {
  const isOne = paths.length === 1
  return (
    <Modal key="written" opened onClose={onClose} title="New migration" size={720}>
      <div className={css.dialog}>
        <div role="status">
          <Notice tone="good">
            {isOne ? 'The file is written' : 'The files are written'}
            {isOpened ? ' and shown in the folder, outside of Roster.' : '.'} Open {isOne ? 'it' : 'them'} in an editor
            and write what the step does.
          </Notice>
        </div>
        <div className={css.path}>
          {paths.map((path) => (
            <div key={path}>{path}</div>
          ))}
        </div>
        <p className={css.text}>
          A new file changes the folder: before its steps are planned or run, the folder has to be trusted again.
        </p>
      </div>
      <DialogFoot>
        <Button variant="filled" onClick={onClose} data-autofocus>
          Close
        </Button>
      </DialogFoot>
    </Modal>
  )
}

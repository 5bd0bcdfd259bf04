// Writes a new migration from a template: its title, its kind, the name the file will have, and where it was written.
import { Button, Group, Modal, Radio, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { Notice } from '../../ui/notice.tsx'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import { CallProblem } from './call-problem.tsx'
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
  onClose: () => void
  onCreated: () => void
}

export function NewMigrationDialog({ profileId, onClose, onCreated }: NewMigrationDialogProps) {
  useReturnFocus()
  const creating = useCreate(profileId)
  const [title, setTitle] = useState('')
  const [kind, setKind] = useState<NewKind>('ts')
  const [isTold, setTold] = useState(false)
  // The time of the preview stays while somebody types; the file gets the time at which it is written.
  const [now] = useState(() => new Date())
  const names = previewNames(title, kind, now)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (creating.isPending) return
    if (names === null) return setTold(true)
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
            error={isTold && names === null ? 'A title with at least one letter or digit is needed.' : null}
          />
          <Radio.Group label="Kind" value={kind} onChange={(value) => setKind(value)}>
            <div className={css.kinds}>
              {kinds.map(({ value, label, description }) => (
                <Radio key={value} value={value} label={label} description={description} />
              ))}
            </div>
          </Radio.Group>
          <div>
            <div className={css.dim}>{names?.length === 2 ? 'Files' : 'File'}, dated when written (UTC)</div>
            <div className={css.path} aria-live="polite">
              {names === null ? '…' : names.map((name) => <div key={name}>{name}</div>)}
            </div>
          </div>
        </div>
        <Group justify="flex-end" gap="sm" mt="lg">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" data-disabled={names === null} aria-disabled={names === null}>
            Write the file
          </Button>
        </Group>
      </form>
    </Modal>
  )
}

function Written({ paths, isOpened, onClose }: { paths: string[]; isOpened: boolean; onClose: () => void }) {
  const file = paths.length === 1 ? 'The file' : 'The files'
  const are = paths.length === 1 ? 'is' : 'are'
  return (
    <Modal opened onClose={onClose} title="New migration" size={560}>
      <div className={css.dialog}>
        <div role="status">
          <Notice tone="good">
            {file} {are} written{isOpened ? ' and opened in the program for such files.' : '.'}
            {!isOpened && ` Roster could not open ${paths.length === 1 ? 'it' : 'them'} here.`}
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
      <Group justify="flex-end" mt="lg">
        <Button variant="filled" onClick={onClose} data-autofocus>
          Close
        </Button>
      </Group>
    </Modal>
  )
}

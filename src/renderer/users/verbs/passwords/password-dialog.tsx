// Sets a new password for one or many users. The clear text lives in this form and in the hashing worker, and is gone when it closes.
import { Button, Modal, Progress } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { TableDescription } from '../../../../shared/tables.ts'
import { useSlot } from '../../../tables/selection/slot.ts'
import type { TableModel } from '../../../tables/table-model.ts'
import { isAbort, wordsOf } from '../../../ui/call-error.ts'
import { Notice } from '../../../ui/notice.tsx'
import { ReasonButton } from '../../../ui/reason-button.tsx'
import { useReturnFocus } from '../../../ui/use-return-focus.ts'
import { count, duration } from '../../../ui/wording.ts'
import type { ChosenUsers } from '../chosen-users.ts'
import { passwordForms, verbJobs } from '../open-verbs.ts'
import { titleOf } from '../verb-words.ts'
import css from '../verbs.module.css'
import { HashFields, settingsOf, useFound, type Picked } from './hash-settings.tsx'
import { hashUsers } from './hash-users.ts'
import { PasswordField } from './password-field.tsx'

interface PasswordDialogProps {
  model: TableModel
  description: TableDescription
}

export function PasswordDialog({ model, description }: PasswordDialogProps) {
  const users = useSlot(passwordForms, model)
  return users ? <Ask model={model} description={description} users={users} /> : null
}

interface Hashing {
  done: number
  /** Milliseconds so far, when the last ones were done. */
  took: number
}

function Ask({ model, description, users }: PasswordDialogProps & { users: ChosenUsers }) {
  useReturnFocus()
  const from = useFound(model)
  const [password, setPassword] = useState('')
  const [picked, setPicked] = useState<Picked>({ at: 0 })
  const [hashing, setHashing] = useState<Hashing | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const own = useRef<AbortController | null>(null)
  useEffect(() => () => own.current?.abort(), [])
  // Rows that nothing can be staged in need no hash.
  const rows = users.lines.filter(({ change }) => change?.kind !== 'delete')
  const settings = settingsOf(from, picked)
  const reason =
    password === ''
      ? 'Type a password, or generate one.'
      : 'why' in settings
        ? settings.why
        : hashing
          ? 'It is being hashed.'
          : null
  const close = () => passwordForms.set(model, null)
  const hash = async () => {
    if (reason !== null || 'why' in settings) return
    const stop = new AbortController()
    own.current = stop
    setProblem(null)
    setHashing({ done: 0, took: 0 })
    try {
      const onDone = (done: number, took: number) => setHashing({ done, took })
      const texts = await hashUsers(model, password, settings, rows.length, { signal: stop.signal, onDone })
      const kept = new Map(rows.map(({ id }, at) => [id, texts[at] ?? '']))
      const isSignedOut = description.owner?.name === 'flask-security' && description.owner.user?.uniquifier !== null
      close()
      verbJobs.set(model, { doing: { verb: 'password', kept }, users, isSignedOut })
    } catch (error) {
      if (own.current !== stop) return
      setHashing(null)
      if (!stop.signal.aborted && !isAbort(error)) setProblem(wordsOf(error).message)
    }
  }
  return (
    <Modal opened size={620} title={titleOf('password', rows.length)} onClose={close}>
      <form
        className={css.fields}
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          void hash()
        }}
      >
        <PasswordField
          isFirst
          label="New password"
          value={password}
          disabled={hashing !== null}
          onChange={setPassword}
        />
        <HashFields from={from} picked={picked} disabled={hashing !== null} onPick={setPicked} />
        {problem !== null && (
          <div role="alert">
            <Notice tone="bad">{problem}</Notice>
          </div>
        )}
        {hashing && <HashingBar hashing={hashing} of={rows.length} />}
        <p className={css.note}>
          The password is not kept or sent anywhere but to Roster’s hashing worker. The hash stays in the host; a
          preview follows.
        </p>
        <div className={css.buttons}>
          {hashing && <Button onClick={() => own.current?.abort()}>Stop hashing</Button>}
          <Button onClick={close}>Cancel</Button>
          <ReasonButton variant="filled" type="submit" reason={reason}>
            Continue
          </ReasonButton>
        </div>
      </form>
    </Modal>
  )
}

function HashingBar({ hashing: { done, took }, of }: { hashing: Hashing; of: number }) {
  const left = done > 0 && done < of ? `, about ${duration((took / done) * (of - done))} more` : ''
  const words = `${count(done)} of ${count(of)} hashed${left}`
  return (
    <div className={css.hashing} role="status">
      <span>{words}</span>
      <Progress value={(done / Math.max(1, of)) * 100} size="sm" aria-label={words} transitionDuration={0} />
    </div>
  )
}

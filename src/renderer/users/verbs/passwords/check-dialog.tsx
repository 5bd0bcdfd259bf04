// Tells whether a password is the one of a user, and nothing else of what is stored.
import { Button, Modal, PasswordInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { api } from '../../../api.ts'
import { useSlot } from '../../../tables/selection/slot.ts'
import type { TableModel } from '../../../tables/table-model.ts'
import { isAbort, wordsOf } from '../../../ui/call-error.ts'
import { focusAtOnce } from '../../../ui/focus-at-once.ts'
import { Notice } from '../../../ui/notice.tsx'
import { useReturnFocus } from '../../../ui/use-return-focus.ts'
import { checkForms, type CheckForm } from '../open-verbs.ts'
import css from '../verbs.module.css'
import { useFound, Variable } from './hash-settings.tsx'

export function CheckDialog({ model }: { model: TableModel }) {
  const row = useSlot(checkForms, model)
  return row ? <Ask model={model} row={row} /> : null
}

interface Answer {
  tone: 'good' | 'bad' | 'note'
  words: string
}

const TONES = { matches: 'good', differs: 'bad', 'cannot-tell': 'note' } as const

function Ask({ model, row }: { model: TableModel; row: CheckForm }) {
  useReturnFocus()
  const from = useFound(model)
  const [password, setPassword] = useState('')
  const [named, setNamed] = useState<string | null>(null)
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [isChecking, setChecking] = useState(false)
  const own = useRef<AbortController | null>(null)
  useEffect(() => () => own.current?.abort(), [])
  const { profileId, table } = model
  const likely = from.found?.choices.some(({ isDouble }) => isDouble) ? from.found.variables[0] : undefined
  const variable = (named ?? likely ?? '').trim()
  const close = () => checkForms.set(model, null)
  const check = async () => {
    if (password === '') return
    own.current?.abort()
    const stop = new AbortController()
    own.current = stop
    setChecking(true)
    setAnswer(null)
    try {
      const asked = { profileId, table, key: [...row.key], password, pepper: { variable: variable || null } }
      const told = await api.users.checkPassword(asked, stop)
      setAnswer({ tone: TONES[told.answer], words: told.words })
    } catch (error) {
      if (!stop.signal.aborted && !isAbort(error)) setAnswer({ tone: 'bad', words: wordsOf(error).message })
    }
    if (own.current === stop) setChecking(false)
  }
  return (
    <Modal opened size={520} title={`Check a password: ${row.who}`} onClose={close}>
      <form
        className={css.fields}
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          void check()
        }}
      >
        <PasswordInput
          data-autofocus
          ref={focusAtOnce}
          label="Password"
          autoComplete="new-password"
          spellCheck={false}
          maxLength={1024}
          value={password}
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
          onChange={({ currentTarget }) => {
            setPassword(currentTarget.value)
            setAnswer(null)
          }}
        />
        <Variable
          label="Environment variable with what the application mixes in"
          description="SECURITY_PASSWORD_SALT of Flask-Security, the key of web2py’s CRYPT; empty where there is none."
          variables={from.found?.variables ?? []}
          value={named ?? likely ?? ''}
          onChange={(name) => {
            setNamed(name)
            setAnswer(null)
          }}
        />
        {row.isStaged && (
          <p className={css.note}>A new password is staged; what is checked is the one that is stored.</p>
        )}
        <div className={css.answer} role="status">
          {answer && <Notice tone={answer.tone}>{answer.words}</Notice>}
        </div>
        <div className={css.buttons}>
          <Button onClick={close}>Close</Button>
          <Button variant="filled" type="submit" loading={isChecking} disabled={password === ''}>
            Check
          </Button>
        </div>
      </form>
    </Modal>
  )
}

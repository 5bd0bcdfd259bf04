// A new user: what a user of this owner needs, checked against the table while it is filled in, and staged as a new row.
import { Button, Modal } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { Cell } from '../../../../shared/cell.ts'
import type { TableDescription } from '../../../../shared/tables.ts'
import { insertRow } from '../../../tables/changes.ts'
import { Declined } from '../../../tables/selection/block-work.ts'
import { useSlot } from '../../../tables/selection/slot.ts'
import { changeStaged } from '../../../tables/staged-edits.ts'
import type { TableModel } from '../../../tables/table-model.ts'
import { wordsOf } from '../../../ui/call-error.ts'
import { Notice } from '../../../ui/notice.tsx'
import { useReturnFocus } from '../../../ui/use-return-focus.ts'
import { ExampleSql } from '../example-sql.tsx'
import { userForms, type UserForm } from '../open-verbs.ts'
import { HashFields, settingsOf, useFound, type Picked } from '../passwords/hash-settings.tsx'
import { hashUsers } from '../passwords/hash-users.ts'
import { PasswordField } from '../passwords/password-field.tsx'
import css from '../verbs.module.css'
import { AlikeUsers } from './alike-users.tsx'
import { useUserFields } from './use-user-fields.ts'
import { UserField } from './user-field.tsx'

interface UserFormProps {
  model: TableModel
  description: TableDescription
}

export function UserFormDialog({ model, description }: UserFormProps) {
  const form = useSlot(userForms, model)
  return form ? <Form model={model} description={description} form={form} /> : null
}

function Form({ model, description, form }: UserFormProps & { form: UserForm }) {
  useReturnFocus()
  const secret = description.owner?.user?.password ?? null
  const user = useUserFields(model, description, form.values)
  const [isMore, setMore] = useState(false)
  const [password, setPassword] = useState('')
  const [picked, setPicked] = useState<Picked>({ at: 0 })
  const from = useFound(model)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const own = useRef<AbortController | null>(null)
  useEffect(() => () => own.current?.abort(), [])
  const close = () => userForms.set(model, null)

  /** The text to stage; undefined when there is no password to set. Throws what hashing says. */
  const hashed = async (signal: AbortSignal): Promise<string | undefined> => {
    if (password === '') return undefined
    const settings = settingsOf(from, picked)
    if ('why' in settings) throw new Declined(settings.why)
    const [text] = await hashUsers(model, password, settings, 1, { signal, onDone: () => undefined })
    return text
  }
  const stage = async () => {
    if (isBusy) return
    own.current = new AbortController()
    const { signal } = own.current
    setProblem(null)
    setBusy(true)
    try {
      const wrong = await user.findWrong(signal)
      if (wrong === null) {
        const text = await hashed(signal)
        stageUser(model, description, { ...user.values, ...(text !== undefined && secret && { [secret]: text }) })
        return close()
      }
      if (user.fields.some(({ column, isMain }) => column.name === wrong && !isMain)) setMore(true)
    } catch (error) {
      if (signal.aborted) return
      setProblem(error instanceof Declined ? error.message : wordsOf(error).message)
    }
    setBusy(false)
  }
  const others = user.fields.filter(({ isMain }) => !isMain).length
  return (
    <Modal opened size={760} title={form.title} onClose={close}>
      <form
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          void stage()
        }}
      >
        <div className={css.scroll}>
          <div className={css.pairs}>
            {user.fields
              .filter(({ isMain }) => isMain || isMore)
              .map((field) => (
                <UserField
                  key={field.column.name}
                  field={field}
                  text={user.texts[field.column.name] ?? ''}
                  error={user.errorOf(field.column.name)}
                  isFirst={field.column.name === description.owner?.user?.email}
                  onChange={(text) => user.setText(field.column.name, text)}
                />
              ))}
          </div>
          <AlikeUsers users={user.alike} email={user.values[description.owner?.user?.email ?? ''] ?? ''} />
          {others > 0 && (
            <Button className={css.more} variant="subtle" aria-expanded={isMore} onClick={() => setMore(!isMore)}>
              {isMore ? 'Fewer columns' : `${others} more ${others === 1 ? 'column' : 'columns'}`}
            </Button>
          )}
          {secret !== null && (
            <div className={css.fields}>
              <PasswordField label="Password (none: NULL)" value={password} onChange={setPassword} />
              {password !== '' && <HashFields from={from} picked={picked} onPick={setPicked} />}
            </div>
          )}
          {user.changes.length > 0 && (
            <ExampleSql model={model} changes={user.changes} label="SQL, without the password" />
          )}
          <p className={css.note}>Nothing is saved yet: the new row is staged, which Undo takes back.</p>
        </div>
        {problem !== null && (
          <div role="alert" className={css.more}>
            <Notice tone="bad">{problem}</Notice>
          </div>
        )}
        <div className={css.buttons}>
          <Button onClick={close}>Cancel</Button>
          <Button variant="filled" type="submit" loading={isBusy}>
            Stage the new user
          </Button>
        </div>
      </form>
    </Modal>
  )
}

function stageUser(model: TableModel, { columns, owner }: TableDescription, values: Record<string, Cell>): void {
  const id = `new ${crypto.randomUUID()}`
  changeStaged(model.profileId, model.table, (staged) => insertRow(staged, id, values))
  model.set({ selected: new Map(), notice: { tone: 'good', text: 'The new user is staged.' } })
  model.moveToId(id, owner?.user?.email ?? columns[0]?.name ?? '')
}

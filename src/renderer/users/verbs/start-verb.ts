// From a command to what is asked first: the chosen rows are read, and a preview or a form is opened.
import type { Cell } from '../../../shared/cell.ts'
import type { TableDescription } from '../../../shared/tables.ts'
import { columnsToDuplicate, duplicateValues, newUserValues, whyNoVerb } from '../../../shared/user-verbs.ts'
import type { UserVerb } from '../../../shared/user-verbs.ts'
import { api } from '../../api.ts'
import { inWords } from '../../grid/cell-show.ts'
import { cellShown, type GridLine } from '../../grid/grid-line.ts'
import { rowInWords } from '../../tables/describe-change.ts'
import { runWork } from '../../tables/selection/block-work.ts'
import { wholeCells } from '../../tables/selection/whole-cells.ts'
import { commitEdit, tableRefusal } from '../../tables/table-edits.ts'
import type { TableModel } from '../../tables/table-model.ts'
import { chanceNow } from './chance.ts'
import { chosenRefusal, readUsers } from './chosen-users.ts'
import { checkForms, passwordForms, userForms, verbJobs } from './open-verbs.ts'
import { LABELS, type AnyVerb } from './verb-words.ts'

/** Why a verb cannot be done now, or null. */
export function verbRefusal(model: TableModel, description: TableDescription, verb: AnyVerb): string | null {
  const password = description.columns.find(({ name }) => name === description.owner?.user?.password)
  if (verb === 'lock' || verb === 'password') {
    if (!password) return 'This table has no column for passwords.'
    if (verb === 'lock' && !password.isNullable)
      return `${password.name} is NOT NULL, so a user cannot be left without a password. Deactivate the user instead.`
    return chosenRefusal(model)
  }
  return whyNoVerb(verb, description) ?? chosenRefusal(model)
}

export async function startVerb(model: TableModel, verb: UserVerb): Promise<void> {
  const users = await readUsers(model, LABELS[verb])
  if (users) verbJobs.set(model, { doing: { verb }, users, isSignedOut: false })
}

/** No password at all is one and the same for all rows. */
export async function startLock(model: TableModel): Promise<void> {
  const users = await readUsers(model, LABELS.lock)
  if (!users) return
  const { profileId, table } = model
  const ask = { profileId, table, choice: null, password: null, pepper: { variable: null }, count: 1 }
  const made = await runWork(model, LABELS.lock, 1, ({ signal }) => api.users.hash(ask, { signal }))
  const [text] = made?.kept ?? []
  if (text === undefined) return
  const kept = new Map(users.lines.map(({ id }) => [id, text]))
  verbJobs.set(model, { doing: { verb: 'lock', kept }, users, isSignedOut: false })
}

export async function startPassword(model: TableModel): Promise<void> {
  const users = await readUsers(model, LABELS.password)
  if (users) passwordForms.set(model, users)
}

/** Why a password cannot be checked against the current row, or null. */
export function checkRefusal(model: TableModel, { owner }: TableDescription): string | null {
  if (owner?.user?.password == null) return 'This table has no column for passwords.'
  const line = model.currentLine()?.line
  if (!line) return 'No row is chosen.'
  return line.row ? null : 'This row is not stored yet.'
}

export function startCheck(model: TableModel, description: TableDescription): void {
  const line = model.currentLine()?.line
  const name = description.owner?.user?.password
  if (!line?.row || name == null) return
  const isStaged = line.change?.kind === 'update' && Object.hasOwn(line.change.values, name)
  checkForms.set(model, { key: line.row.key, who: whoIs(line, description), isStaged })
}

/** "row id 17, ann@example.org". */
function whoIs(line: GridLine, { columns, key, owner }: TableDescription): string {
  const index = columns.findIndex(({ name }) => name === owner?.user?.email)
  const email = line.row?.cells[index]
  const row = rowInWords(key, line.row?.key ?? [])
  return typeof email === 'string' ? `${row}, ${inWords(email)}` : row
}

export function startNewUser(model: TableModel, description: TableDescription): void {
  if (!commitEdit(model)) return
  userForms.set(model, { title: 'New user', values: newUserValues(description, chanceNow()) })
}

export function duplicateRefusal(model: TableModel): string | null {
  return tableRefusal(model) ?? (model.currentLine() ? null : 'No row is chosen.')
}

export async function startDuplicate(model: TableModel, description: TableDescription): Promise<void> {
  if (!commitEdit(model)) return
  const line = model.currentLine()?.line
  if (!line) return
  const names = new Set(columnsToDuplicate(description))
  const columns = description.columns.flatMap((column, index) => (names.has(column.name) ? [{ column, index }] : []))
  const whole = await runWork(model, 'Duplicate: reading the row', 1, ({ signal }) =>
    wholeCells(model, [line], columns, 'shown', signal),
  )
  if (!whole) return
  const present = (name: string): Cell | undefined => {
    const place = columns.find(({ column }) => column.name === name)
    // What is not set in a new row is not set in its duplicate either.
    return place && cellShown(line, place.column, place.index) ? whole(line, place.index) : undefined
  }
  const values = duplicateValues(description, present, chanceNow())
  userForms.set(model, { title: `Duplicate of ${whoIs(line, description)}`, values })
}

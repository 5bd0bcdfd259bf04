// Following foreign keys: from a row to the one it points to, and to the rows that point to it.
import { isSecret, type Cell } from '../../../shared/cell.ts'
import { where, type Filter } from '../../../shared/filters.ts'
import type { Reference, TableStructure } from '../../../shared/table-structure.ts'
import { api } from '../../api.ts'
import { cellShown, type GridLine } from '../../grid/grid-line.ts'
import { isAbort, wordsOf } from '../../ui/call-error.ts'
import { travelTo, type Destination } from '../../ui/travel.ts'
import { commitEdit, say } from '../table-edits.ts'
import type { TableModel } from '../table-model.ts'
import { tableModel } from '../table-models.ts'
import { whenRead } from './table-mark.ts'

export type Referrer = TableStructure['referrers'][number]

/** The foreign key that the current cell is a part of: the shortest one. */
export function referenceHere(model: TableModel): Reference | null {
  const column = model.state.current?.column ?? ''
  const all = model.state.description?.references.filter(({ columns }) => columns.includes(column)) ?? []
  return all.sort((a, b) => a.columns.length - b.columns.length)[0] ?? null
}

/** What the line shows in these columns, staged values too; null when one of them cannot be followed. */
export function valuesIn(model: TableModel, line: GridLine, names: readonly string[]): Cell[] | null {
  const columns = model.state.description?.columns ?? []
  const values: Cell[] = []
  for (const name of names) {
    const index = columns.findIndex((column) => column.name === name)
    const column = columns[index]
    const shown = column && cellShown(line, column, index)?.cell
    const isCut = line.row?.cut.has(index) === true && !Object.hasOwn(staged(line), name)
    if (shown === undefined || shown === null || isSecret(shown) || isCut) return null
    values.push(shown)
  }
  return values
}

const staged = ({ change }: GridLine) => (change && change.kind !== 'delete' ? change.values : {})

/** Why the reference of the current cell cannot be followed, or null. */
export function followRefusal(model: TableModel): string | null {
  const at = model.currentLine()
  if (!at) return 'No cell is chosen.'
  const reference = referenceHere(model)
  if (!reference) return `${at.column.name} points to no other table.`
  if (isElsewhere(reference.table)) return `${reference.table} is in another database.`
  if (valuesIn(model, at.line, reference.columns) !== null) return null
  return `${reference.columns.join(', ')}: there is no value to follow.`
}

/** MySQL: a table of another database is named in quotes. */
export const isElsewhere = (table: string) => /^`(?:[^`]|``)*`\.`/.test(table)

export async function followReference(model: TableModel): Promise<void> {
  const at = model.currentLine()
  const reference = referenceHere(model)
  const values = at && reference && valuesIn(model, at.line, reference.columns)
  if (!reference || !values || !commitEdit(model)) return
  const { profileId } = model
  const { table, pointsTo } = reference
  try {
    const known = tableModel(profileId, table).state.description
    const { key } = known ?? (await api.tables.describe({ profileId, table }))
    const inOrder = key.map((name) => values[pointsTo.indexOf(name)])
    const isKey = key.length === pointsTo.length && inOrder.every((value) => value !== undefined)
    const column = pointsTo[0] ?? ''
    travelTo({
      profileId,
      table,
      rows: isKey ? { key: inOrder, column } : { filter: equals(pointsTo, values) },
    })
  } catch (error) {
    if (!isAbort(error)) say(model, wordsOf(error).message)
  }
}

/** Shows the rows of another table that point to this one. */
export function followBack(model: TableModel, line: GridLine, { from, columns, pointsTo }: Referrer): void {
  const values = valuesIn(model, line, pointsTo)
  if (!values) return say(model, `${pointsTo.join(', ')}: there is no value that another row could point to.`)
  travelTo({ profileId: model.profileId, table: from, rows: { filter: equals(columns, values) } })
}

function equals(columns: readonly string[], values: readonly Cell[]): Filter {
  const parts = columns.map((column, index) => where(column, { test: 'equals', value: values[index] ?? null }))
  return parts.length === 1 && parts[0] ? parts[0] : { kind: 'group', join: 'and', parts }
}

/** Shows the rows that were asked for, once the table is open. */
export function arriveAt({ profileId, table, rows }: Destination): void {
  if (!rows) return
  const model = tableModel(profileId, table)
  whenRead(model, () => {
    if ('key' in rows) void model.goToRow(rows.key, rows.column)
    else model.changeView({ filter: rows.filter })
  })
}

/** Why no row can point to the current one, or null. */
export function pointedRefusal(model: TableModel): string | null {
  const at = model.currentLine()
  if (!at) return 'No row is chosen.'
  return at.line.row ? null : 'The row is new: nothing points to it yet.'
}

/** Where one other table points here, shows its rows; of several a person chooses. */
export async function showPointing(model: TableModel): Promise<void> {
  const at = model.currentLine()
  if (!at?.line.row || !commitEdit(model)) return
  const { profileId, table } = model
  try {
    const { referrers } = await api.tables.structure({ profileId, table })
    const [only, ...others] = referrers
    if (!only) return say(model, `No foreign key of another table points to ${table}.`)
    if (others.length === 0) return followBack(model, at.line, only)
    model.set({ pointed: { line: at.line, referrers } })
  } catch (error) {
    if (!isAbort(error)) say(model, wordsOf(error).message)
  }
}

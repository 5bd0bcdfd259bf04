// What becomes of a table after a save: rows as they were stored, what is still staged, and what is said of it.
import type { Cell } from '../../shared/cell.ts'
import { columnsOf, conditionsOf } from '../../shared/filters.ts'
import type { Change, Saved, TableDescription } from '../../shared/tables.ts'
import { isLinkLost } from '../api.ts'
import { cellAddress } from '../grid/grid-line.ts'
import type { GridRow } from '../grid/read-block.ts'
import { rowIdOf } from '../grid/row-id.ts'
import { wordsOf } from '../ui/call-error.ts'
import { plural } from '../ui/wording.ts'
import { forgetSaved } from './changes.ts'
import { rowInWords } from './describe-change.ts'
import { foundInWords } from './save-outcome.ts'
import { changeStaged, readStaged } from './staged-edits.ts'
import { storedDifferences } from './stored-differences.ts'
import type { TableModel, TableNotice } from './table-model.ts'

/** Puts the message at the cells it is about, and makes the first of them the current one. */
export function mark(model: TableModel, changeId: string, columns: readonly string[], message: string): void {
  model.set({ cellErrors: new Map(columns.map((column) => [cellAddress(changeId, column), message])) })
  goToChange(model, changeId, columns[0] ?? null)
}

/** Makes a staged cell the current one, wherever its row stands; `column` null stays in the column. */
export function goToChange(model: TableModel, changeId: string, column: string | null): void {
  const to = column ?? model.state.current?.column ?? model.state.description?.columns[0]?.name
  if (to === undefined || model.moveToId(changeId, to)) return
  const change = readStaged(model.profileId, model.table).changes.find(({ id }) => id === changeId)
  if (change && change.kind !== 'insert') void model.goToRow(change.key, to)
}

export function saved(
  model: TableModel,
  description: TableDescription,
  changes: readonly Change[],
  answer: Saved,
): void {
  const { rows, interrupted } = answer
  const { profileId, table } = model
  const inserted: Cell[][] = []
  const stored: [string, GridRow][] = []
  changes.forEach((change, index) => {
    const row = rows[index]
    if (!row) return
    if (change.kind === 'insert') inserted.push(row.key)
    else stored.push([change.id, { ...row, id: rowIdOf(row.key), cut: new Map() }])
  })
  model.blocks.replaceRows(stored)
  changeStaged(profileId, table, (staged) =>
    forgetSaved(
      staged,
      changes.map(({ id }) => id),
    ),
  )
  followCurrent(model, changes, rows)
  const moved = changes.flatMap((change, index) => {
    const key = rows[index]?.key
    return key && change.kind === 'update' && touchesView(model, description, change) ? [key] : []
  })
  if (moved.length > 0 || changes.some(({ kind }) => kind !== 'update')) model.reload()
  const text = interrupted
    ? `Saving was interrupted. Checked after reconnecting: ${foundInWords(interrupted)}`
    : `Saved ${plural(changes.length, 'change')} to ${table}.`
  model.set({ notice: savedNotice(model, description, text, { changes, inserted, moved, answer }) })
}

interface Done {
  changes: readonly Change[]
  /** Keys of the new rows. */
  inserted: readonly (readonly Cell[])[]
  /** Keys of the changed rows that the order or the filter may have elsewhere now. */
  moved: readonly (readonly Cell[])[]
  answer: Saved
}

function savedNotice(
  model: TableModel,
  description: TableDescription,
  text: string,
  { changes, inserted, moved, answer }: Done,
): TableNotice {
  const { id } = answer
  const also = id === null ? {} : { also: { label: 'Revert this save…', perform: () => askToRevert(model, id) } }
  const differences = storedDifferences(description, changes, answer)
  const [first, ...others] = differences
  if (first) {
    const more = others.length > 0 ? ` So did ${plural(others.length, 'more cell')}.` : ''
    const action = { label: 'Go to cell', perform: () => void model.goToRow(first.key, first.column) }
    return { tone: 'note', text: `${text} ${first.words}${more}`, action, ...also }
  }
  const goTo = (key: readonly Cell[]) => () => void model.goToRow(key, model.state.current?.column ?? '')
  const [fresh] = inserted
  if (inserted.length === 1 && fresh) {
    return { tone: 'good', text, action: { label: 'Go to new row', perform: goTo(fresh) }, ...also }
  }
  const [row] = moved
  if (!row) return { tone: 'good', text, ...also }
  const isFiltered = model.state.filter !== null
  if (moved.length > 1) {
    const gone = isFiltered ? ' Rows that no longer match the filter are not shown.' : ''
    return { tone: 'good', text: text + gone, ...also }
  }
  const words = `${text} The row stands where this view has it now${isFiltered ? ', if it still matches the filter' : ''}.`
  return { tone: 'good', text: words, action: { label: 'Go to row', perform: goTo(row) }, ...also }
}

function askToRevert(model: TableModel, saveId: string): void {
  model.set({ notice: null, history: { saveId } })
}

/** The current cell stays with its row when its key was changed. A new row takes its place in the table. */
function followCurrent(model: TableModel, changes: readonly Change[], rows: readonly ({ key: Cell[] } | null)[]): void {
  const { current } = model.state
  const row = rows[changes.findIndex(({ id }) => id === current?.id)]
  if (current && row) model.set({ current: { ...current, id: rowIdOf(row.key) } })
}

/** True when the row may stand elsewhere now, or no longer match the filter. */
function touchesView(
  model: TableModel,
  { key }: TableDescription,
  change: Extract<Change, { kind: 'update' }>,
): boolean {
  const { filter, sort } = model.state
  // A condition on any text may be about whatever was changed.
  if (conditionsOf(filter).some(({ column }) => column === null)) return true
  const deciding = new Set([...key, ...columnsOf(filter), ...(sort ? [sort.column] : [])])
  return Object.keys(change.values).some((column) => deciding.has(column))
}

/** `still`: what became of what is staged. */
export function failed(model: TableModel, changes: readonly Change[], error: unknown, still: string): void {
  const { message, hint, code } = wordsOf(error)
  // A lost link tries again by itself to be reached, but never to save.
  if (isLinkLost(error) || code === 'OUTCOME_UNKNOWN') {
    return model.set({ unknown: { changes, outcome: null, words: stop(message), isChecking: false } })
  }
  const words = [stop(message), hint, still]
  model.set({ notice: { tone: 'bad', text: words.filter(Boolean).join(' ') } })
}

/** Says which row it is about, where more than one was to be saved. */
export function aboutRow(
  { key }: Pick<TableDescription, 'key'>,
  changes: readonly Change[],
  changeId: string,
  message: string,
): string {
  const change = changes.find(({ id }) => id === changeId)
  if (!change || changes.length === 1) return message
  return `${change.kind === 'insert' ? 'New row' : rowInWords(key, change.key).replace(/^r/, 'R')}: ${message}`
}

/** The database's own words rarely end in a full stop. */
export function stop(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`
}

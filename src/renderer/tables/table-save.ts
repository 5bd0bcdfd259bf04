// Saving what is staged for a table: one call, and for each answer what becomes of the staged changes and the rows.
import { safe } from '@orpc/client'
import type { Cell } from '../../shared/cell.ts'
import { columnsOf, conditionsOf } from '../../shared/filters.ts'
import type { Change, Column, Saved, TableDescription } from '../../shared/tables.ts'
import { api, isLinkLost } from '../api.ts'
import { cellAddress } from '../grid/grid-line.ts'
import { rowIdOf } from '../grid/row-id.ts'
import { isAbort, wordsOf } from '../ui/call-error.ts'
import { confirmed } from '../ui/confirm-production.ts'
import { plural } from '../ui/wording.ts'
import { forgetSaved } from './changes.ts'
import { missingValues } from './guards.ts'
import { foundInWords, showOutcome } from './save-outcome.ts'
import { changeStaged, readStaged } from './staged-edits.ts'
import { flush } from './staged-journal.ts'
import { commitEdit } from './table-edits.ts'
import type { TableModel } from './table-model.ts'

/** Changes that one save takes at most. */
const MOST = 5000

/** Tables that are being saved, whichever screen began it: two saves of the same changes would clash with each other. */
const underWay = new Set<string>()

/**
 * Saves everything that is staged for the table. Whatever fails, nothing staged is lost. Deletes that reach into other
 * tables are asked about first, unless they were (`isReachKnown`).
 */
export async function save(model: TableModel, isReachKnown = false): Promise<void> {
  const { profileId, table } = model
  const address = JSON.stringify([profileId, table])
  const { description } = model.state
  if (!description || underWay.has(address) || !commitEdit(model)) return
  const { changes } = readStaged(profileId, table)
  if (changes.length === 0 || !isReady(model, description, changes)) return
  underWay.add(address)
  model.set({ saving: new Set(changes.map(({ id }) => id)), cellErrors: new Map(), notice: null, reach: null })
  if (!isReachKnown && (await reachesFurther(model, changes))) {
    underWay.delete(address)
    return model.set({ saving: null })
  }
  // A page that is left right after the save would otherwise leave an older state of these edits behind, to be staged again.
  await flush()
  const result = await safe(
    confirmed(`Save ${plural(changes.length, 'change')} to ${table}`, (confirmation) =>
      api.tables.save({ profileId, table, changes: [...changes], ...confirmation }),
    ),
  )
  underWay.delete(address)
  model.set({ saving: null })
  if (result.isSuccess) return saved(model, description, changes, result.data)
  const { error } = result
  if (isAbort(error)) return model.set({ notice: { tone: 'note', text: 'Not confirmed: nothing was saved.' } })
  if (!result.isDefined) return failed(model, changes, error)
  switch (result.error.code) {
    case 'CONFLICT':
      return model.set({ conflicts: result.error.data.conflicts })
    case 'DUPLICATE': {
      const { changeId, columns, holder } = result.error.data
      const column = columns[0] ?? ''
      mark(model, changeId, columns, result.error.message)
      const action = holder && { label: 'Go to row', perform: () => void model.goToRow(holder.key, column) }
      return model.set({ notice: { tone: 'bad', text: result.error.message, ...(action && { action }) } })
    }
    case 'VALUE_REFUSED': {
      const { changeId, column } = result.error.data
      mark(model, changeId, column === null ? [] : [column], result.error.message)
      return model.set({ notice: { tone: 'bad', text: `${stop(result.error.message)} Nothing was saved.` } })
    }
    case 'INTERRUPTED':
      return showOutcome(model, changes, result.error.data, result.error.message)
    default:
      return failed(model, changes, error)
  }
}

/** True when the person has to decide first: the deletes would change other tables, or that could not be found out. */
async function reachesFurther(model: TableModel, changes: readonly Change[]): Promise<boolean> {
  const { profileId, table } = model
  const keys = changes.flatMap((change) => (change.kind === 'delete' ? [change.key] : []))
  if (keys.length === 0) return false
  const { data: reach, error } = await safe(api.tables.deleteReach({ profileId, table, keys }))
  if (error) {
    const { message } = wordsOf(error)
    model.set({ notice: { tone: 'bad', text: `${stop(message)} Nothing was saved. Everything staged is still here.` } })
    return true
  }
  if (reach.direct.length === 0) return false
  model.set({ reach })
  return true
}

/** Refuses at once what the database would refuse: values that are missing, and more changes than one save takes. */
function isReady(model: TableModel, description: TableDescription, changes: readonly Change[]): boolean {
  const missing = missingValues(description.columns, changes)
  const [first] = missing
  if (first) {
    const words = ({ name }: Column) => `${name} needs a value: it is NOT NULL and has no default.`
    const cellErrors = new Map(missing.map(({ id, column }) => [cellAddress(id, column.name), words(column)]))
    model.set({ cellErrors, notice: { tone: 'bad', text: `${words(first.column)} Nothing was saved.` } })
    model.moveToId(first.id, first.column.name)
    return false
  }
  if (changes.length <= MOST) return true
  const text = `${plural(changes.length, 'change')} are staged; one save takes at most ${plural(MOST, 'change')}. Undo some of them.`
  model.set({ notice: { tone: 'bad', text } })
  return false
}

/** Puts the message at the cells it is about, and makes the first of them the current one. */
function mark(model: TableModel, changeId: string, columns: readonly string[], message: string): void {
  model.set({ cellErrors: new Map(columns.map((column) => [cellAddress(changeId, column), message])) })
  const column = columns[0] ?? model.state.current?.column
  if (column === undefined) return
  if (model.moveToId(changeId, column)) return
  const change = readStaged(model.profileId, model.table).changes.find(({ id }) => id === changeId)
  if (change && change.kind !== 'insert') void model.goToRow(change.key, column)
}

function saved(
  model: TableModel,
  description: TableDescription,
  changes: readonly Change[],
  { rows, interrupted }: Saved,
): void {
  const { profileId, table } = model
  const inserted: Cell[][] = []
  changes.forEach((change, index) => {
    const row = rows[index]
    if (!row) return
    if (change.kind === 'insert') inserted.push(row.key)
    else model.blocks.replaceRow(change.id, { ...row, id: rowIdOf(row.key), cut: new Map() })
  })
  changeStaged(profileId, table, (staged) =>
    forgetSaved(
      staged,
      changes.map(({ id }) => id),
    ),
  )
  followCurrent(model, changes, rows)
  const isMoved = changes.some((change) => change.kind !== 'update' || touchesView(model, description, change))
  if (isMoved) model.reload()
  const [only] = inserted
  const action =
    inserted.length === 1 && only
      ? { label: 'Go to new row', perform: () => void model.goToRow(only, model.state.current?.column ?? '') }
      : undefined
  const text = interrupted
    ? `Saving was interrupted. Checked after reconnecting: ${foundInWords(interrupted)}`
    : `Saved ${plural(changes.length, 'change')} to ${table}.`
  model.set({ notice: { tone: 'good', text, ...(action && { action }) } })
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
  change: Exclude<Change, { kind: 'delete' }>,
): boolean {
  const { filter, sort } = model.state
  // A condition on any text may be about whatever was changed.
  if (conditionsOf(filter).some(({ column }) => column === null)) return true
  const deciding = new Set([...key, ...columnsOf(filter), ...(sort ? [sort.column] : [])])
  return Object.keys(change.values).some((column) => deciding.has(column))
}

function failed(model: TableModel, changes: readonly Change[], error: unknown): void {
  const { message, hint, code } = wordsOf(error)
  // A lost link tries again by itself to be reached, but never to save.
  if (isLinkLost(error) || code === 'OUTCOME_UNKNOWN') {
    return model.set({ unknown: { changes, outcome: null, words: stop(message), isChecking: false } })
  }
  const words = [stop(message), hint, 'Everything staged is still here.']
  model.set({ notice: { tone: 'bad', text: words.filter(Boolean).join(' ') } })
}

/** The database's own words rarely end in a full stop. */
function stop(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`
}

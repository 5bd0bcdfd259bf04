// Saving what is staged for a table: what is asked and checked before, and then one transaction, or several on a cluster.
import { safe } from '@orpc/client'
import { MOST_CHANGES, type Change, type Column, type TableDescription } from '../../shared/tables.ts'
import { api } from '../api.ts'
import { cellAddress } from '../grid/grid-line.ts'
import { wordsOf } from '../ui/call-error.ts'
import { plural } from '../ui/wording.ts'
import { missingValues } from './guards.ts'
import { knownProblems } from './problems/problem-watch.ts'
import { aboutRow, goToChange, stop } from './save-answer.ts'
import { isLong, partsOf, saveInParts } from './save-in-parts.ts'
import { send, tell } from './save-send.ts'
import { readStaged } from './staged-edits.ts'
import { flush } from './staged-journal.ts'
import { commitEdit } from './table-edits.ts'
import type { TableModel } from './table-model.ts'

/** Tables that are being saved, whichever screen began it: two saves of the same changes would clash with each other. */
const underWay = new Set<string>()

/** What was said to be refused, by table; saving exactly that once more tries it all the same. */
const warned = new WeakMap<TableModel, readonly Change[]>()

/**
 * Saves everything that is staged for the table. Whatever fails, nothing staged is lost. Problems that are known are told
 * first, and the second time it is tried in spite of them. Deletes that reach into other tables are asked about first, unless
 * they were (`isReachKnown`), and so is saving in several transactions (`areParts`).
 */
export async function save(model: TableModel, { isReachKnown = false, areParts = false } = {}): Promise<void> {
  const { profileId, table } = model
  const address = JSON.stringify([profileId, table])
  const { description } = model.state
  if (!description || underWay.has(address) || !commitEdit(model)) return
  const { changes } = readStaged(profileId, table)
  if (changes.length === 0 || !isReady(model, description, changes)) return
  underWay.add(address)
  model.set({ saving: new Set(changes.map(({ id }) => id)), cellErrors: new Map(), notice: null, reach: null })
  const isHeld = (await isRefused(model, changes)) || (!isReachKnown && (await reachesFurther(model, changes)))
  if (isHeld) {
    underWay.delete(address)
    return model.set({ saving: null })
  }
  const parts = isLong(description, changes) ? await partsOf(model, changes, areParts) : [changes]
  const release = () => {
    underWay.delete(address)
    model.set({ saving: null })
  }
  if (!parts) return release()
  if (parts.length > 1) return saveInParts(model, description, parts, release)
  // A page that is left right after the save would otherwise leave an older state of these edits behind, to be staged again.
  await flush()
  const result = await send(model, changes, `Save ${plural(changes.length, 'change')} to ${table}`, {})
  release()
  tell(model, description, changes, result)
}

/** True when problems are known that were not told before: they are told, and the first one's cell is gone to. */
async function isRefused(model: TableModel, changes: readonly Change[]): Promise<boolean> {
  if (warned.get(model) === changes) return false
  const problems = await knownProblems(model, changes)
  const [first] = problems
  if (!first) return false
  warned.set(model, changes)
  const { changeId, column, holder, words } = first
  goToChange(model, changeId, column)
  const others = problems.length > 1 ? ` ${plural(problems.length - 1, 'more problem')} in the list of changes.` : ''
  const text = `${aboutRow({ key: model.state.description?.key ?? [] }, changes, changeId, stop(words))}${others} Nothing was saved. Save once more to try it all the same.`
  const action = holder && { label: 'Go to row', perform: () => void model.goToRow(holder.key, column ?? '') }
  model.set({ notice: { tone: 'bad', text, ...(action && { action }) } })
  return true
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
  const missing = missingValues(description, changes)
  const [first] = missing
  if (first) {
    const words = ({ name }: Column) => `${name} needs a value: it is NOT NULL and has no default.`
    const cellErrors = new Map(missing.map(({ id, column }) => [cellAddress(id, column.name), words(column)]))
    model.set({ cellErrors, notice: { tone: 'bad', text: `${words(first.column)} Nothing was saved.` } })
    model.moveToId(first.id, first.column.name)
    return false
  }
  if (changes.length <= MOST_CHANGES) return true
  const text = `${plural(changes.length, 'change')} are staged; one save takes at most ${plural(MOST_CHANGES, 'change')}. Undo some of them.`
  model.set({ notice: { tone: 'bad', text } })
  return false
}

// Goes to a row of the view by its number, by its key, or by a value of the column it is sorted by.
import type { Cell } from '../../../shared/cell.ts'
import type { Cursor } from '../../../shared/tables.ts'
import { api } from '../../api.ts'
import { rowIdOf } from '../../grid/row-id.ts'
import { isAbort, wordsOf } from '../../ui/call-error.ts'
import type { TableModel } from '../table-model.ts'

/** One at a time for each table: who goes somewhere else does not wait for the place before. */
const going = new WeakMap<TableModel, AbortController>()

async function go(model: TableModel, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  going.get(model)?.abort()
  const own = new AbortController()
  going.set(model, own)
  try {
    await work(own.signal)
  } catch (error) {
    if (going.get(model) !== own) return
    model.set({ jump: null })
    if (!isAbort(error)) model.set({ notice: { tone: 'bad', text: wordsOf(error).message } })
  }
}

/** A person does not want to wait for it. */
export function stopGoing(model: TableModel): void {
  going.get(model)?.abort(new DOMException('Stopped by a person.', 'AbortError'))
}

/** To the row of this number, from 0. */
export function goToRank(model: TableModel, rank: number): void {
  going.get(model)?.abort()
  const column = model.state.current?.column ?? ''
  model.set({ jump: { rank, error: model.state.survey?.error ?? 0, asOf: null } })
  model.moveTo(model.newIds().length + rank, column, 'far')
}

/** To the row with this key, in the order that is shown. The filter is left behind only when the row is not in it. */
export async function goToKey(model: TableModel, key: readonly Cell[], column: string): Promise<void> {
  if (model.moveToId(rowIdOf(key), column)) return
  await go(model, async (signal) => {
    model.set({ jump: { rank: null, error: 0, asOf: null } })
    let found = await api.tables.rank({ view: model.view(), key: [...key] }, { signal })
    if (!found && model.state.filter) {
      model.changeView({ filter: null })
      found = await api.tables.rank({ view: model.view(), key: [...key] }, { signal })
    }
    if (signal.aborted) return
    if (!found) {
      const text = `The row is no longer in ${model.table}.`
      return model.set({ jump: null, notice: { tone: 'note', text } })
    }
    if (found.error > 0) model.blocks.pin(found.rank, await placeOf(model, key, signal))
    if (!signal.aborted) arrive(model, { key, column, ...found })
  })
}

/** To the first row whose sort column holds this or, in the order shown, what comes after it. Needs a sort. */
export async function goToValue(model: TableModel, column: string, value: Cell, words: string): Promise<void> {
  await go(model, async (signal) => {
    model.set({ jump: { rank: null, error: 0, asOf: null } })
    const view = model.view()
    const page = await api.tables.page({ view, place: { kind: 'value', value }, limit: 1 }, { signal })
    const [key] = page.keys
    if (!key || !page.first) {
      const text = `No row has ${column} at or beyond “${words}”. This is the last one.`
      model.set({ jump: null, notice: { tone: 'note', text } })
      return goToRank(model, Math.max(0, model.blocks.count - 1))
    }
    const found = await api.tables.rank({ view, key }, { signal })
    // It has gone since: whatever comes next is found the same way.
    if (!found) return goToValue(model, column, value, words)
    if (signal.aborted) return
    if (found.error > 0) model.blocks.pin(found.rank, page.first)
    arrive(model, { key, column, ...found })
  })
}

function arrive(
  model: TableModel,
  {
    key,
    column,
    rank,
    error,
    asOf,
  }: { key: readonly Cell[]; column: string; rank: number; error: number; asOf: number },
): void {
  // A view that has just begun knows of its first rows alone; this one shows that there are more.
  if (rank >= model.blocks.count) model.blocks.setEstimate(rank + 1)
  const index = model.newIds().length + rank
  const turn = model.state.reveal.turn + 1
  model.set({
    jump: { rank, error, asOf },
    current: { id: rowIdOf(key), rank, column },
    reveal: { index, isCentered: true, takesFocus: true, turn },
  })
}

/** Where a row stands in the order that is shown: the value it is sorted by, and its key. */
async function placeOf(model: TableModel, key: readonly Cell[], signal: AbortSignal): Promise<Cursor> {
  const { sort, description } = model.state
  const keyColumns = description?.key ?? []
  if (!sort) return [...key]
  const at = keyColumns.indexOf(sort.column)
  const rest = key.filter((_, index) => index !== at)
  if (at >= 0) return [key[at] ?? null, ...rest]
  const { profileId, table } = model
  const { value } = await api.tables.cell({ profileId, table, key: [...key], column: sort.column }, { signal })
  return [value, ...rest]
}

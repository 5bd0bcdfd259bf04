// Sorts a view. An order that no index serves is asked about first: the database would sort all rows for every page of it.
import type { Sort } from '../../../shared/tables.ts'
import { api } from '../../api.ts'
import { isAbort, wordsOf } from '../../ui/call-error.ts'
import type { TableModel } from '../table-model.ts'

/** Rows from which on it is asked; fewer are sorted in no time. */
const MANY = 50_000

const asking = new WeakMap<TableModel, AbortController>()

/** `then` is done once the view is in that order: at once, or after a person has agreed. A failure is said. */
export async function sortView(
  model: TableModel,
  sort: Sort | null,
  then: () => void = () => undefined,
): Promise<void> {
  asking.get(model)?.abort()
  const { state } = model
  const rows = state.counted?.count ?? state.survey?.total ?? null
  // Who has agreed to an order has agreed to the same one from its other end.
  if (sort === null || state.sort?.column === sort.column || (rows !== null && rows < MANY)) {
    model.changeView({ sort })
    return then()
  }
  const own = new AbortController()
  asking.set(model, own)
  try {
    const cost = await api.tables.sortCost({ view: { ...model.view(), sort } }, { signal: own.signal })
    if (own.signal.aborted) return
    if (cost.isIndexed || (cost.rows !== null && cost.rows < MANY)) {
      model.changeView({ sort })
      return then()
    }
    model.set({ costly: { phase: 'ask', sort, cost, before: state.sort, then } })
  } catch (error) {
    if (!isAbort(error)) model.set({ notice: { tone: 'bad', text: wordsOf(error).message } })
  }
}

/** A person has read what it costs. */
export function sortAnyway(model: TableModel): void {
  const { costly } = model.state
  if (!costly) return
  model.changeView({ sort: costly.sort })
  model.set({ costly: { ...costly, phase: 'sorting' } })
  costly.then()
}

/** Back to the order before; what the database is sorting is stopped. */
export function cancelSort(model: TableModel): void {
  const { costly } = model.state
  if (costly?.phase === 'sorting') model.changeView({ sort: costly.before })
  else model.set({ costly: null })
}

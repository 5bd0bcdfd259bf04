// What of a table's rows was shown, so that coming back shows it again: order, filter and current cell.
import type { Cell } from '../../../shared/cell.ts'
import type { Filter } from '../../../shared/filters.ts'
import type { Sort } from '../../../shared/tables.ts'
import { rowIdOf } from '../../grid/row-id.ts'
import type { TableModel } from '../table-model.ts'
import { tableModel } from '../table-models.ts'

export interface TableMark {
  sort: Sort | null
  filter: Filter | null
  /** Null where the current row is a new one, or not read. */
  at: { key: readonly Cell[]; column: string } | null
}

export function takeMark(profileId: string, table: string): TableMark {
  const model = tableModel(profileId, table)
  const { sort, filter } = model.state
  const line = model.currentLine()
  return { sort, filter, at: line?.line.row ? { key: line.line.row.key, column: line.column.name } : null }
}

/** Shows it again. A table that was not visited since stays exactly as it was left. */
export function restoreMark(profileId: string, table: string, mark: TableMark): void {
  const model = tableModel(profileId, table)
  whenRead(model, () => {
    const { sort, filter, current } = model.state
    const isSame = same(sort, mark.sort) && same(filter, mark.filter)
    if (!isSame) model.changeView({ sort: mark.sort, filter: mark.filter })
    if (mark.at && (!isSame || current?.id !== rowIdOf(mark.at.key))) void model.goToRow(mark.at.key, mark.at.column)
  })
}

/** Calls `then` once the table is described; at once when it is. Never when its screen was left before. */
export function whenRead(model: TableModel, then: () => void): void {
  if (model.state.description) return then()
  const stop = model.subscribe(() => {
    if (!model.state.description) return
    stop()
    // The model is in the middle of telling.
    queueMicrotask(then)
  })
}

const same = (a: Sort | Filter | null, b: Sort | Filter | null) => text(a) === text(b)

const text = (value: unknown) =>
  JSON.stringify(value, (_name, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each))

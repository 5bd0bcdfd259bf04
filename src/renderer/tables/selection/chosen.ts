// The cells that a command is about: the block, else the rows chosen in the margin, else the current cell.
import type { Column } from '../../../shared/tables.ts'
import type { GridLine } from '../../grid/grid-line.ts'
import { readStaged } from '../staged-edits.ts'
import type { TableModel } from '../table-model.ts'
import { linesInMemory, readLines } from './read-lines.ts'
import { selectionOf } from './selection.ts'
import { shownColumns } from './shown-columns.ts'

export interface ChosenColumn {
  column: Column
  /** Position in the table's own list of columns, which is that of the cells. */
  index: number
}

export interface Chosen {
  /** Lines from 0, the last one included; or the lines themselves. */
  lines: { first: number; last: number } | readonly GridLine[]
  rowCount: number
  /** In the order shown. */
  columns: readonly ChosenColumn[]
  /** More than the current cell. */
  isBlock: boolean
}

/** Null when the current cell is not in memory. */
export function chosenCells(model: TableModel): Chosen | null {
  const { description, selected } = model.state
  if (!description) return null
  const placed = (names: readonly string[]) =>
    names.flatMap((name) => {
      const index = description.columns.findIndex((column) => column.name === name)
      const column = description.columns[index]
      return column ? [{ column, index }] : []
    })
  const span = selectionOf(model).span()
  if (span) {
    const { first, last, columns } = span
    return { lines: { first, last }, rowCount: last - first + 1, columns: placed(columns), isBlock: true }
  }
  if (selected.size > 0) {
    const columns = placed(shownColumns(model).map(({ name }) => name))
    return { lines: marginLines(model), rowCount: selected.size, columns, isBlock: true }
  }
  const at = model.currentLine()
  if (!at) return null
  const columns = [{ column: at.column, index: at.columnIndex }]
  return { lines: { first: at.index, last: at.index }, rowCount: 1, columns, isBlock: false }
}

/** The rows chosen in the margin, in the order in which they are shown as far as that is known. */
function marginLines(model: TableModel): GridLine[] {
  const { changes } = readStaged(model.profileId, model.table)
  const staged = new Map(changes.map((change) => [change.id, change]))
  const place = (id: string) => model.indexOf({ id, rank: null }) ?? Infinity
  return Array.from(model.state.selected, ([id, row]): GridLine => ({
    id,
    row: row ?? undefined,
    change: staged.get(id),
  }))
    .map((line) => ({ line, at: place(line.id) }))
    .sort((a, b) => (a.at === b.at ? 0 : a.at - b.at))
    .map(({ line }) => line)
}

/** The chosen lines, when no page has to be read for them. */
export function chosenInMemory(model: TableModel, { lines }: Chosen): readonly GridLine[] | null {
  return 'first' in lines ? linesInMemory(model, lines) : lines
}

/** The chosen lines; `onRead` is told how many are there. Throws RowsMoved. */
export async function readChosen(
  model: TableModel,
  { lines }: Pick<Chosen, 'lines'>,
  signal: AbortSignal,
  onRead: (rows: number) => void,
): Promise<readonly GridLine[]> {
  if (!('first' in lines)) return lines
  const all: GridLine[] = []
  for await (const some of readLines(model, lines, signal)) {
    // Not spread into one call: a call takes only so many arguments.
    for (const line of some) all.push(line)
    onRead(all.length)
  }
  return all
}

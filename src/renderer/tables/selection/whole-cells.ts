// Whole values for cells of which a page brought only the beginning. A cut value is never copied, staged or used as a guard.
import { isSecret, type Cell } from '../../../shared/cell.ts'
import { api } from '../../api.ts'
import { cellShown, type GridLine } from '../../grid/grid-line.ts'
import type { TableModel } from '../table-model.ts'
import { Declined } from './block-work.ts'
import type { ChosenColumn } from './chosen.ts'

/** Cut cells that are read whole for one command: each is a call of its own. */
export const MOST_WHOLE = 500
/** Bytes or characters of them together. */
const MOST_LENGTH = 64 * 1024 * 1024

/** What the cell shows in whole; undefined where the database chooses it, and for a secret. */
export type WholeOf = (line: GridLine, index: number) => Cell | undefined

const rowInWords = ({ row }: GridLine) => `row ${(row?.key ?? []).map(String).join(', ')}`

/**
 * Reads what is cut among the cells. `stored` reads the stored value also where another is staged: the guard of an edit.
 * Throws Declined, with the name of a cell, when there are too many.
 */
export async function wholeCells(
  { profileId, table }: TableModel,
  lines: readonly GridLine[],
  columns: readonly ChosenColumn[],
  what: 'shown' | 'stored',
  signal: AbortSignal,
): Promise<WholeOf> {
  const cut = lines.flatMap((line) =>
    columns.flatMap(({ column, index }) => {
      const length = what === 'shown' ? cellShown(line, column, index)?.cutLength : line.row?.cut.get(index)
      return length === undefined ? [] : [{ line, column, index, length }]
    }),
  )
  const length = cut.reduce((sum, cell) => sum + cell.length, 0)
  const [first] = cut
  if (first && (cut.length > MOST_WHOLE || length > MOST_LENGTH)) {
    const which = `${first.column.name} of ${rowInWords(first.line)}`
    throw new Declined(
      `${cut.length.toLocaleString('en-US')} of these values are too long to be in the rows that were read (the first is ${which}). Up to ${MOST_WHOLE} of them, 64 MB together, are read whole. Choose fewer rows, or leave out ${first.column.name}.`,
    )
  }
  const wholes = new Map<string, Cell>()
  for (const { line, column, index } of cut) {
    const key = line.row?.key ?? []
    const { value } = await api.tables.cell({ profileId, table, key, column: column.name }, { signal })
    wholes.set(`${index} ${line.id}`, value)
  }
  return (line, index) => {
    const whole = wholes.get(`${index} ${line.id}`)
    if (whole !== undefined) return whole
    const stored = line.row?.cells[index]
    const column = columns.find((each) => each.index === index)?.column
    const shown = what === 'stored' || !column ? stored : cellShown(line, column, index)?.cell
    return isSecret(shown) ? undefined : shown
  }
}

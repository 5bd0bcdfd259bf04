// Whole values: from memory, or read when a page brought only their beginning.
import type { Cell } from '../../shared/cell.ts'
import { api } from '../api.ts'
import { bytesInWords } from '../grid/cell-show.ts'
import { wholeCell, type GridLine } from '../grid/grid-line.ts'
import { wordsOf } from '../ui/call-error.ts'
import type { TableModel } from './table-model.ts'

/** The whole value of the current cell: from memory, or read when only its beginning is here. Undefined when it has none. */
export async function wholeValue(model: TableModel, line: GridLine, columnIndex: number): Promise<Cell | undefined> {
  const column = model.state.description?.columns[columnIndex]
  if (!column) return undefined
  const known = wholeCell(line, column, columnIndex)
  if (known === 'secret') return undefined
  if (known !== 'cut') return known.cell
  const key = line.row?.key ?? []
  const answer = await api.tables.cell({ profileId: model.profileId, table: model.table, key, column: column.name })
  return answer.value
}

/** Shows the current cell's whole value, to be looked at. */
export async function openValue(model: TableModel): Promise<void> {
  const at = model.currentLine()
  if (!at) return
  try {
    const value = await wholeValue(model, at.line, at.columnIndex)
    if (value === undefined) return
    const size = at.column.codec ? '' : sizeInWords(value)
    model.set({
      opened: { title: size === '' ? at.column.name : `${at.column.name}, ${size}`, column: at.column, value },
    })
  } catch (error) {
    model.set({ notice: { tone: 'bad', text: wordsOf(error).message } })
  }
}

function sizeInWords(value: Cell): string {
  if (value instanceof Uint8Array) return bytesInWords(value.length)
  return typeof value === 'string' ? `${Array.from(value).length.toLocaleString('en-US')} characters` : ''
}

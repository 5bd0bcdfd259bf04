// What a person does to cells and rows, turned into staged changes; and why some of it is refused.
import { isSecret, type Cell } from '../../shared/cell.ts'
import { nowIn } from '../../shared/codecs.ts'
import type { Column, TableDescription } from '../../shared/tables.ts'
import { copyText, editText } from '../grid/cell-show.ts'
import { editModeOf, foreignWords, parseCell, toggled, type Surroundings } from '../grid/cell-text.ts'
import { isJsonType } from '../grid/json-type.ts'
import { BYTES_LIMIT, HEX_LIMIT } from '../grid/typed-text.ts'
import { cellAddress, cellShown, type GridLine } from '../grid/grid-line.ts'
import type { GridRow } from '../grid/row-blocks.ts'
import { wordsOf } from '../ui/call-error.ts'
import { isRepaired, setCell, setNewCell } from './changes.ts'
import { changeStaged } from './staged-edits.ts'
import { chosenCells } from './selection/chosen.ts'
import { selectionOf } from './selection/selection.ts'
import { setChosen } from './selection/stage-block.ts'
import type { TableModel } from './table-model.ts'
import { openValue, wholeValue } from './whole-value.ts'

/** Characters beyond which a text is edited in a dialog. */
const LONG = 200

/** Why nothing in this table can be changed, or null. */
export function tableRefusal(model: TableModel): string | null {
  return model.state.description ? model.state.description.readOnly : 'The table is not read yet.'
}

/** Why this cell cannot be typed into or set, or null. */
export function cellRefusal(model: TableModel, line: GridLine, column: Column): string | null {
  const why = tableRefusal(model) ?? rowRefusal(model, line)
  if (why !== null) return why
  if (line.change?.kind === 'delete') return 'This row is marked for deletion. Undo the mark to edit it.'
  if (column.isGenerated) return `${column.name} is computed by the database.`
  if (column.isBarred && line.row) return `The login has no right to change ${column.name}.`
  if (column.isSecret)
    return `${column.name} holds password hashes. A typed text would be no hash, so it is not edited here.`
  return null
}

/** SQLite takes NULL in the key, of any number of rows. */
export function isUnnamed(row: GridRow | null | undefined): boolean {
  return row?.key.includes(null) ?? false
}

export const UNNAMED = 'The key of this row holds NULL, which any number of rows may have, so it cannot be named.'

function rowRefusal(model: TableModel, line: GridLine): string | null {
  if (line.id === '') return 'The row is not read yet.'
  if (isUnnamed(line.row)) return UNNAMED
  return model.state.saving?.has(line.id) ? 'This row is being saved.' : null
}

export function surroundings(model: TableModel, line: GridLine, columnIndex: number): Surroundings {
  const { columns, dialect } = model.state.description as TableDescription
  const shown = cellShown(line, columns[columnIndex] as Column, columnIndex)?.cell
  return { present: isSecret(shown) ? undefined : shown, dialect }
}

/** Stages a value. `original` is needed for a stored cell of which only the beginning was read. */
export function stageCell(
  model: TableModel,
  line: GridLine,
  columnIndex: number,
  value: Cell,
  original?: Cell,
): string | null {
  const column = model.state.description?.columns[columnIndex]
  if (!column) return 'The table is not read yet.'
  const refusal = cellRefusal(model, line, column)
  if (refusal !== null) return refusal
  if (value === null && !column.isNullable && !column.isAutomatic)
    return `${column.name} is NOT NULL: it always needs a value.`
  const { row } = line
  if (row) {
    const stored = row.cut.has(columnIndex) ? original : row.cells[columnIndex]
    if (stored === undefined || isSecret(stored)) return 'The whole value is not here yet. Open the cell first.'
    const foreign = foreignWords(column, stored)
    if (foreign !== null && !isRepaired(line.change, column.name)) return foreign
    changeStaged(model.profileId, model.table, (staged) => setCell(staged, row.key, column.name, stored, value))
  } else {
    changeStaged(model.profileId, model.table, (staged) => setNewCell(staged, line.id, column.name, value))
  }
  const cellErrors = new Map(model.state.cellErrors)
  cellErrors.delete(cellAddress(line.id, column.name))
  model.set({ cellErrors, notice: null })
  return null
}

/** Whole values of cut cells, by the row as it was read: the guard of an edit is what the person saw. */
const opened = new WeakMap<GridRow, Map<number, Cell>>()

export function say(model: TableModel, text: string): void {
  model.set({ notice: { tone: 'note', text } })
}

/** Opens the current cell. `typed` replaces its text; without it the whole value is there to be changed. */
export async function startEdit(model: TableModel, typed?: string): Promise<void> {
  const isUnread = model.currentLine()?.column.encoding?.basis === 'unread'
  // Not while somebody types: the letters behind the first would have no cell to go to.
  const isKnown = isUnread && typed === undefined ? model.whenDescribed() : undefined
  if (isKnown) await isKnown
  const at = model.currentLine()
  if (!at || model.state.editing) return
  const { line, column, columnIndex } = at
  const refusal = cellRefusal(model, line, column)
  if (refusal !== null) return say(model, refusal)
  const mode = editModeOf(column, surroundings(model, line, columnIndex))
  if (mode === 'toggle') return typed === undefined || typed === ' ' ? toggle(model) : setTyped(model, typed)
  if (mode === 'mixed' && whyNotTyped(model, line, columnIndex) !== null) {
    return say(model, whyNotTyped(model, line, columnIndex) as string)
  }
  try {
    const whole = await wholeValue(model, line, columnIndex)
    if (line.row?.cut.has(columnIndex)) {
      opened.set(line.row, (opened.get(line.row) ?? new Map<number, Cell>()).set(columnIndex, whole as Cell))
    }
    // Bytes where text belongs are only looked at; so are more of them than a person edits.
    const isBytes = whole instanceof Uint8Array
    if (isBytes && (whole.length > BYTES_LIMIT || (column.kind !== 'binary' && column.type !== '')))
      return openValue(model)
    const text = (isBytes ? copyText(whole) : whole === undefined ? null : editText(whole)) ?? ''
    model.draft = typed ?? text
    model.reveal(at.index)
    const isLong =
      typed === undefined &&
      ((mode === 'text' && (isJsonType(column) || text.length > LONG || /[\r\n]/.test(text))) ||
        (isBytes && whole.length > HEX_LIMIT))
    model.set({
      notice: null,
      editing: {
        id: line.id,
        column: column.name,
        text,
        wasNull: whole === null || whole === undefined,
        isLong,
        error: null,
      },
    })
  } catch (error) {
    model.set({ notice: { tone: 'bad', text: wordsOf(error).message } })
  }
}

function setTyped(model: TableModel, typed: string): void {
  const at = model.currentLine()
  const parsed = at && parseCell(typed, at.column, surroundings(model, at.line, at.columnIndex))
  if (!at || !parsed) return
  if ('value' in parsed) stageCell(model, at.line, at.columnIndex, parsed.value)
  else say(model, `${parsed.error}${parsed.error.endsWith('.') ? '' : '.'} Space goes through the values.`)
}

/**
 * Ends editing and stages what was typed. False when it is no value: then the editor stays open and says why. Text that was
 * not touched stages nothing, so opening a cell never changes it.
 */
export function commitEdit(model: TableModel): boolean {
  const { editing, description } = model.state
  if (!editing || !description) return true
  const columnIndex = description.columns.findIndex(({ name }) => name === editing.column)
  const index = model.indexOf({ id: editing.id, rank: null })
  if (index === null || columnIndex < 0 || model.draft === editing.text) {
    model.set({ editing: null })
    return true
  }
  const line = model.lineAt(index)
  const column = description.columns[columnIndex] as Column
  const parsed = parseCell(model.draft, column, surroundings(model, line, columnIndex))
  const original = line.row && opened.get(line.row)?.get(columnIndex)
  const error = 'error' in parsed ? parsed.error : stageCell(model, line, columnIndex, parsed.value, original)
  model.set({ editing: error === null ? null : { ...editing, error } })
  return error === null
}

/** Modes in which a text is wrong while it is typed, and not only when it is left. */
const CHECKED: ReadonlySet<string> = new Set(['integer', 'real', 'decimal'])

/** What is wrong with a number that is still being typed; null for what may become one. */
export function checkTyped(model: TableModel, text: string): string | null {
  const at = model.currentLine()
  if (!at || !CHECKED.has(editModeOf(at.column, surroundings(model, at.line, at.columnIndex)))) return null
  if (/^\s*[+-]?\d*\.?(\d+e[+-]?)?$/i.test(text) && !/\d$/.test(text)) return null
  const parsed = parseCell(text, at.column, surroundings(model, at.line, at.columnIndex))
  return 'error' in parsed ? parsed.error : null
}

/** Ends editing and sets every chosen cell to what was typed, each as its column writes it. */
export function commitAll(model: TableModel): void {
  if (!model.state.editing) return
  if (!chosenCells(model)?.isBlock) return void commitEdit(model)
  const field = model.draft
  cancelEdit(model)
  void setChosen(model, { field })
}

export function cancelEdit(model: TableModel): void {
  model.set({ editing: null })
}

/** The next state of a boolean. */
export function toggle(model: TableModel): void {
  const at = model.currentLine()
  if (!at) return
  const present = cellShown(at.line, at.column, at.columnIndex)?.cell
  if (isSecret(present)) return
  const next = toggled(present, at.column)
  const refusal = 'error' in next ? next.error : stageCell(model, at.line, at.columnIndex, next.value)
  if (refusal !== null) say(model, refusal)
}

/** Why a column of several spellings takes nothing in this row, or null where the row tells its own. */
function whyNotTyped(model: TableModel, line: GridLine, columnIndex: number): string | null {
  const column = model.state.description?.columns[columnIndex] as Column
  const { present, dialect } = surroundings(model, line, columnIndex)
  // The present value typed again is taken wherever anything is.
  const own = present === undefined || present === null ? '' : String(present)
  const parsed = parseCell(own, column, { present, dialect })
  return 'error' in parsed ? parsed.error : null
}

/** This moment in UTC, as the current column writes it; null where it has no dates. */
export function nowHere(model: TableModel): Cell {
  const { codec } = model.currentLine()?.column ?? { codec: null }
  return codec && nowIn(codec, new Date().toISOString())
}

/** Sets the current cell to NULL, or to another value that is not typed; all chosen cells where there is a block. */
export async function setCurrent(model: TableModel, value: Cell): Promise<void> {
  if (model.state.editing) cancelEdit(model)
  if (selectionOf(model).span()) return setChosen(model, { value })
  const at = model.currentLine()
  if (!at) return
  const isCut = at.line.row?.cut.has(at.columnIndex) ?? false
  try {
    // A cut value is no guard, so the whole one is read first.
    const original =
      isCut && cellRefusal(model, at.line, at.column) === null
        ? await wholeValue(model, at.line, at.columnIndex)
        : undefined
    const refusal = stageCell(model, at.line, at.columnIndex, value, original)
    if (refusal !== null) say(model, refusal)
  } catch (error) {
    model.set({ notice: { tone: 'bad', text: wordsOf(error).message } })
  }
}

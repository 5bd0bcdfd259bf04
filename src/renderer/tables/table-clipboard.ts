// Ctrl+C and Ctrl+V: one cell, or a block of them.
import { copyText } from '../grid/cell-show.ts'
import { parseCell } from '../grid/cell-text.ts'
import { wholeCell } from '../grid/grid-line.ts'
import { wordsOf } from '../ui/call-error.ts'
import { undo } from './changes.ts'
import { copyChosen, copyRefusal, readyTsv } from './clipboard/copy-block.ts'
import { readPasted } from './clipboard/delimited.ts'
import { isOneCell, rememberOneCell } from './clipboard/last-copied.ts'
import { pasteBlock } from './clipboard/paste-block.ts'
import { putOnClipboard } from './clipboard/put-on-clipboard.ts'
import { chosenCells } from './selection/chosen.ts'
import { selectionOf } from './selection/selection.ts'
import { setChosen } from './selection/stage-block.ts'
import { changeStaged } from './staged-edits.ts'
import { cellRefusal, say, setCurrent, surroundings } from './table-edits.ts'
import type { TableModel } from './table-model.ts'
import { wholeValue } from './whole-value.ts'

/** The text to put on the clipboard at once; null for none, undefined when it comes later by another way. */
export function copyByKey(model: TableModel): string | null | undefined {
  const chosen = chosenCells(model)
  if (!chosen?.isBlock) {
    const text = textToCopy(model)
    if (text === undefined) void copyCurrent(model)
    else rememberOneCell(text)
    return text
  }
  rememberOneCell(null)
  const refusal = copyRefusal(model, chosen, 'tsv')
  if (refusal !== null) {
    say(model, refusal)
    return null
  }
  const ready = readyTsv(model, chosen)
  if (!ready) {
    void copyChosen(model, { format: 'tsv' })
    return undefined
  }
  model.set({ notice: { tone: 'good', text: ready.words } })
  return ready.text
}

/** The text of the current cell if it can be had at once; `undefined` when it must be read first. */
export function textToCopy(model: TableModel): string | null | undefined {
  const at = model.currentLine()
  if (!at) return null
  const whole = wholeCell(at.line, at.column, at.columnIndex)
  if (whole === 'cut') return undefined
  if (whole === 'secret') {
    say(model, `${at.column.name} holds a password hash; hashes stay in the database and are not copied.`)
    return null
  }
  const text = whole.cell === undefined ? null : copyText(whole.cell)
  if (text === null) say(model, `${at.column.name} is NULL here: nothing was copied.`)
  return text
}

/** Copies what is chosen by way of the clipboard interface: for the menu, and for values that must be read first. */
export async function copyCurrent(model: TableModel): Promise<void> {
  if (chosenCells(model)?.isBlock) {
    rememberOneCell(null)
    return copyChosen(model, { format: 'tsv' })
  }
  const at = model.currentLine()
  const ready = textToCopy(model)
  if (!at || ready === null) return
  try {
    const whole = ready === undefined ? await wholeValue(model, at.line, at.columnIndex) : null
    const text = ready ?? (whole === undefined ? null : copyText(whole))
    if (text === null) return
    rememberOneCell(text)
    await putOnClipboard(model, text, `Copied ${at.column.name}.`)
  } catch (error) {
    model.set({ notice: { tone: 'bad', text: wordsOf(error).message } })
  }
}

/** Puts a text where one stands: one value into the current cell or all chosen ones, a block of fields from there on. */
export async function pasteText(model: TableModel, text: string): Promise<void> {
  const pasted = isOneCell(text) ? { text } : readPasted(text)
  if ('text' in pasted) return pasteOne(model, pasted.text)
  const [row] = pasted.rows
  const [field] = row ?? []
  // A spreadsheet ends also a single cell with a line break.
  if (pasted.rows.length === 1 && row?.length === 1) return pasteOne(model, field ?? '')
  const isMeant = pasted.by === 'tabs'
  await pasteBlock(model, pasted.rows, isMeant ? undefined : () => void pasteInstead(model, text))
}

/** What looked like a block was meant as one text. */
async function pasteInstead(model: TableModel, text: string): Promise<void> {
  // The block is still what is chosen: the text goes where it began.
  selectionOf(model).clear()
  changeStaged(model.profileId, model.table, undo)
  await pasteOne(model, text)
}

async function pasteOne(model: TableModel, text: string): Promise<void> {
  if (chosenCells(model)?.isBlock) return setChosen(model, { field: text })
  const at = model.currentLine()
  if (!at) return
  const parsed = parseCell(text, at.column, surroundings(model, at.line, at.columnIndex))
  const refusal = cellRefusal(model, at.line, at.column)
  if (refusal !== null) return say(model, refusal)
  if ('error' in parsed)
    return model.set({ notice: { tone: 'bad', text: `Not pasted into ${at.column.name}: ${parsed.error}` } })
  await setCurrent(model, parsed.value)
}

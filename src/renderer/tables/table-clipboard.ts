// Copying the current cell, and pasting into it.
import { copyText } from '../grid/cell-show.ts'
import { parseCell } from '../grid/cell-text.ts'
import { wholeCell } from '../grid/grid-line.ts'
import { wordsOf } from '../ui/call-error.ts'
import { cellRefusal, say, setCurrent, surroundings } from './table-edits.ts'
import type { TableModel } from './table-model.ts'
import { wholeValue } from './whole-value.ts'

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

/** Copies by way of the clipboard interface, for the menu and for values that must be read first. */
export async function copyCurrent(model: TableModel): Promise<void> {
  const at = model.currentLine()
  const ready = textToCopy(model)
  if (!at || ready === null) return
  try {
    const whole = ready === undefined ? await wholeValue(model, at.line, at.columnIndex) : null
    const text = ready ?? (whole === undefined ? null : copyText(whole))
    if (text !== null) await navigator.clipboard.writeText(text)
  } catch (error) {
    const isClipboard = error instanceof DOMException
    model.set({
      notice: {
        tone: 'bad',
        text: isClipboard ? 'The clipboard did not take the text. Press Ctrl+C instead.' : wordsOf(error).message,
      },
    })
  }
}

/** Puts a text into the current cell, as if it had been typed. */
export async function pasteText(model: TableModel, text: string): Promise<void> {
  const at = model.currentLine()
  if (!at) return
  const parsed = parseCell(text, at.column, surroundings(model, at.line, at.columnIndex))
  const refusal = cellRefusal(model, at.line, at.column)
  if (refusal !== null) return say(model, refusal)
  if ('error' in parsed)
    return model.set({ notice: { tone: 'bad', text: `Not pasted into ${at.column.name}: ${parsed.error}` } })
  await setCurrent(model, parsed.value)
}

// Copies what is chosen, in one of several formats: at once where it is in memory, else read page by page with its progress.
import { isSecret } from '../../../shared/cell.ts'
import { PAGE_LIMIT, type SqlForm } from '../../../shared/tables.ts'
import { api } from '../../api.ts'
import { cellShown, type GridLine } from '../../grid/grid-line.ts'
import { plural } from '../../ui/wording.ts'
import { Declined, runWork, type Run } from '../selection/block-work.ts'
import { chosenCells, chosenInMemory, readChosen, type Chosen, type ChosenColumn } from '../selection/chosen.ts'
import { wholeCells, type WholeOf } from '../selection/whole-cells.ts'
import type { TableModel } from '../table-model.ts'
import {
  asCsv,
  asInList,
  asJson,
  asMarkdown,
  asTsv,
  type CopiedCells,
  type CopyFormat,
  type TextOptions,
} from './formats.ts'
import { putOnClipboard } from './put-on-clipboard.ts'

/** Rows in one copy at most. */
export const MOST_COPIED = 100_000

export interface CopyOptions extends TextOptions {
  format: CopyFormat
}

interface Copied {
  text: string
  /** What a person should know about it, in whole sentences; '' for nothing. */
  words: string
}

/** Why what is chosen cannot be copied in this format, or null. */
export function copyRefusal({ state }: TableModel, chosen: Chosen | null, format: CopyFormat): string | null {
  if (!chosen) return 'No cell is chosen.'
  if (chosen.rowCount > MOST_COPIED) {
    return `${plural(chosen.rowCount, 'row')} are chosen; up to ${MOST_COPIED.toLocaleString('en-US')} are copied at once.`
  }
  const open = chosen.columns.filter(({ column }) => !column.isSecret)
  if (open.length === 0) return 'Password hashes stay in the database and are not copied.'
  if (format === 'in' && open.length !== 1)
    return 'An IN list takes the values of one column. Choose cells of one column.'
  if (format === 'update' && state.description?.key.length === 0) return 'The table has no key that names a row.'
  return null
}

/** The block as text for a spreadsheet when it is all in memory; null when something must be read first. */
export function readyTsv(model: TableModel, chosen: Chosen): Copied | null {
  const lines = chosenInMemory(model, chosen)
  const columns = chosen.columns.filter(({ column }) => !column.isSecret)
  if (!lines || hasCut(lines, columns)) return null
  return { text: asTsv(cellsOf(lines, columns, shownOf(columns))), words: wordsFor(chosen, lines.length) }
}

/** Copies what is chosen and says what was copied. */
export async function copyChosen(model: TableModel, options: CopyOptions): Promise<void> {
  const chosen = chosenCells(model)
  const refusal = copyRefusal(model, chosen, options.format)
  if (refusal !== null || !chosen) return model.set({ notice: { tone: 'note', text: refusal ?? '' } })
  const copied = await runWork(model, `Copying ${plural(chosen.rowCount, 'row')}`, chosen.rowCount, (run) =>
    makeText(model, chosen, options, run),
  )
  if (copied) await putOnClipboard(model, copied.text, copied.words)
}

async function makeText(model: TableModel, chosen: Chosen, options: CopyOptions, run: Run): Promise<Copied> {
  const lines = await readChosen(model, chosen, run.signal, run.progress)
  const columns = chosen.columns.filter(({ column }) => !column.isSecret)
  const whole = await wholeCells(model, lines, columns, 'shown', run.signal)
  const cells = cellsOf(lines, columns, whole)
  const words = wordsFor(chosen, lines.length)
  switch (options.format) {
    case 'tsv':
      return { text: asTsv(cells, options), words }
    case 'csv':
      return { text: asCsv(cells, options), words }
    case 'json':
      return { text: asJson(cells), words }
    case 'markdown':
      return { text: asMarkdown(cells), words }
    default:
      return asSql(model, options.format, lines, columns, whole, words, run)
  }
}

function cellsOf(lines: readonly GridLine[], columns: readonly ChosenColumn[], whole: WholeOf): CopiedCells {
  return {
    columns: columns.map(({ column }) => column),
    rows: lines.map((line) => columns.map(({ index }) => whole(line, index))),
  }
}

const hasCut = (lines: readonly GridLine[], columns: readonly ChosenColumn[]) =>
  lines.some((line) => columns.some(({ column, index }) => cellShown(line, column, index)?.cutLength !== undefined))

function shownOf(columns: readonly ChosenColumn[]): WholeOf {
  const byIndex = new Map(columns.map(({ column, index }) => [index, column]))
  return (line, index) => {
    const column = byIndex.get(index)
    const cell = column && cellShown(line, column, index)?.cell
    return isSecret(cell) ? undefined : cell
  }
}

function wordsFor({ columns }: Chosen, rows: number): string {
  const secrets = columns.filter(({ column }) => column.isSecret).map(({ column }) => column.name)
  const open = columns.length - secrets.length
  const left =
    secrets.length === 0
      ? ''
      : ` Left out: ${secrets.join(', ')}, which ${secrets.length === 1 ? 'holds' : 'hold'} password hashes.`
  return `Copied ${rows.toLocaleString('en-US')} × ${open} cells.${left}`
}

/** Statements are made by core, which knows the names and literals of the engine. */
async function asSql(
  { profileId, table, state }: TableModel,
  form: SqlForm,
  lines: readonly GridLine[],
  columns: readonly ChosenColumn[],
  whole: WholeOf,
  words: string,
  { signal, progress }: Run,
): Promise<Copied> {
  const key = new Set(form === 'update' ? state.description?.key : [])
  // A generated column takes no value, and the key of an UPDATE is its condition.
  const written = columns.filter(({ column }) => form === 'in' || (!column.isGenerated && !key.has(column.name)))
  if (written.length === 0) throw new Declined('Nothing is chosen that an UPDATE could set: the key is its condition.')
  const parts: string[] = []
  for (let at = 0; at < lines.length; at += PAGE_LIMIT) {
    const rows = lines.slice(at, at + PAGE_LIMIT).map((line) => {
      const cells = written.flatMap(({ column, index }) => {
        const value = whole(line, index)
        return value === undefined ? [] : [[column.name, value] as const]
      })
      const key = line.row && line.row.key.length > 0 ? line.row.key : null
      return { key, values: Object.fromEntries(cells) }
    })
    const answer = await api.tables.rowsSql({ profileId, table, form, rows }, { signal })
    for (const part of answer.parts) parts.push(part)
    progress(Math.min(at + PAGE_LIMIT, lines.length))
  }
  if (form === 'in') {
    const { text, nulls } = asInList(parts.filter((part) => part !== ''))
    return { text, words: nulls === 0 ? words : `${words} ${plural(nulls, 'NULL')} left out: nothing equals NULL.` }
  }
  const made = parts.filter((part) => part !== '')
  const less = parts.length - made.length
  const without = less === 0 ? '' : ` ${plural(less, 'row')} not stored yet: an UPDATE has no row to change there.`
  return {
    text: `${made.join('\n')}\n`,
    words: `Copied ${plural(made.length, 'statement')}.${words.replace(/^[^.]*\./, '')}${without}`,
  }
}

// Cells as text for the clipboard: TSV, CSV, JSON and Markdown. Values are written exactly; NULL and '' stay two things wherever
// the format has room for it. What is written as SQL comes from core.
import type { Cell, ShownCell } from '../../../shared/cell.ts'
import type { Column } from '../../../shared/tables.ts'
import { copyText, truthOf } from '../../grid/cell-show.ts'
import { isJsonType } from '../../grid/json-type.ts'
import { jsonProblem } from '../../grid/json-text.ts'
import { writeDelimited, type Field } from './delimited.ts'

export const copyFormats = ['tsv', 'csv', 'json', 'markdown', 'insert', 'update', 'in'] as const
export type CopyFormat = (typeof copyFormats)[number]

/** Whole values, without secrets. Undefined where the database chooses the value of a new row. */
export interface CopiedCells {
  columns: readonly Column[]
  rows: readonly (readonly (Cell | undefined)[])[]
}

export interface TextOptions {
  /** Text that a spreadsheet would take for a formula gets an apostrophe before it. */
  hasSafeFormulas?: boolean
  /** A first row with the names. */
  hasNames?: boolean
}

/** Text that spreadsheets run: also what becomes a formula after a tab or a line break. Numbers are none. */
export function isFormula(cell: ShownCell | undefined): boolean {
  return typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell)
}

/** How many cells a spreadsheet would take for formulas. */
export function formulaCount({ rows }: CopiedCells): number {
  return rows.reduce((sum, row) => sum + row.filter(isFormula).length, 0)
}

function fieldOf(cell: Cell | undefined, { hasSafeFormulas = false }: TextOptions): Field {
  if (cell === undefined || cell === null) return null
  const text = copyText(cell) ?? ''
  return hasSafeFormulas && isFormula(cell) ? `'${text}` : text
}

function fields({ columns, rows }: CopiedCells, options: TextOptions): Field[][] {
  const names = options.hasNames ? [columns.map(({ name }) => name)] : []
  return [...names, ...rows.map((row) => row.map((cell) => fieldOf(cell, options)))]
}

export function asTsv(cells: CopiedCells, options: TextOptions = {}): string {
  return writeDelimited(fields(cells, options), '\t', '\n')
}

/** NULL is an empty field, '' is one in quotes. Lines end as RFC 4180 has it. */
export function asCsv(cells: CopiedCells, options: TextOptions = { hasNames: true }): string {
  return writeDelimited(fields(cells, options), ',', '\r\n')
}

/** An array of objects, one line for each row. Numbers keep every digit, JSON stays JSON, bytes are hexadecimal text. */
export function asJson({ columns, rows }: CopiedCells): string {
  const names = columns.map(({ name }) => JSON.stringify(name))
  const objects = rows.map((row) => {
    const parts = row.flatMap((cell, at) =>
      cell === undefined ? [] : [`${names[at]}: ${jsonOf(cell, columns[at] as Column)}`],
    )
    return `  {${parts.join(', ')}}`
  })
  return objects.length === 0 ? '[]' : `[\n${objects.join(',\n')}\n]`
}

function jsonOf(cell: Cell, column: Column): string {
  if (cell === null) return 'null'
  const truth = truthOf(cell, column)
  if (truth !== null) return String(truth)
  const text = copyText(cell) ?? ''
  const isNumber =
    typeof cell !== 'string' || column.kind === 'decimal' || column.kind === 'real' || column.kind === 'integer'
  if (isNumber && !(cell instanceof Uint8Array) && /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return text
  if (typeof cell === 'string' && isJsonType(column) && jsonProblem(cell) === null) return cell
  return JSON.stringify(text)
}

/** A table as GitHub reads it. NULL is NULL; a line break is <br>. */
export function asMarkdown({ columns, rows }: CopiedCells): string {
  const escape = (text: string) =>
    text
      .replaceAll('\\', '\\\\')
      .replaceAll('|', '\\|')
      .replace(/\r\n|\r|\n/g, '<br>')
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const isRight = ({ kind, codec }: Column) => !codec && (kind === 'integer' || kind === 'real' || kind === 'decimal')
  return [
    line(columns.map(({ name }) => escape(name))),
    line(columns.map((column) => (isRight(column) ? '---:' : '---'))),
    ...rows.map((row) =>
      line(row.map((cell) => (cell === undefined ? '' : cell === null ? 'NULL' : escape(copyText(cell) ?? '')))),
    ),
  ].join('\n')
}

/** The values of `in (…)`: each once, in the order of the rows; NULL is equal to nothing and left out. */
export function asInList(literals: readonly string[]): { text: string; nulls: number } {
  const values = new Set(literals.filter((literal) => literal !== 'NULL'))
  return { text: `(${[...values].join(', ')})`, nulls: literals.filter((literal) => literal === 'NULL').length }
}

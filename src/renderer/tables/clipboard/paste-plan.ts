// What a block of fields would set in which cells: every cell is parsed as if it had been typed there, and each one that is
// refused is named. Nothing is staged here.
import { isSecret, sameCell, type Cell } from '../../../shared/cell.ts'
import type { Column } from '../../../shared/tables.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import { foreignWords, parseCell } from '../../grid/cell-text.ts'
import { cellShown, type GridLine } from '../../grid/grid-line.ts'
import { isRepaired, type Edit } from '../changes.ts'
import type { ChosenColumn } from '../selection/chosen.ts'
import type { WholeOf } from '../selection/whole-cells.ts'
import type { Field } from './delimited.ts'

export interface PlannedCell {
  line: GridLine
  column: ChosenColumn
  /** A field of text to be parsed, or a value that is set as it is. */
  from: { field: Field } | { value: Cell }
}

export interface RefusedCell {
  line: GridLine
  column: string
  /** What should have been set, for people. */
  text: string
  why: string
}

export interface Plan {
  edits: Edit[]
  /** Cells that the edits set. */
  cellCount: number
  refused: RefusedCell[]
}

export interface PlanScope {
  dialect: Dialect
  /** Why a cell cannot be changed at all, or null. */
  refusal: (line: GridLine, column: Column) => string | null
  /** The stored value in whole: the guard. */
  stored: WholeOf
}

export function planOf(cells: readonly PlannedCell[], scope: PlanScope): Plan {
  const plan: Plan = { edits: [], cellCount: 0, refused: [] }
  for (const cell of cells) {
    const made = editOf(cell, scope)
    if ('why' in made)
      plan.refused.push({ line: cell.line, column: cell.column.column.name, text: textOf(cell), why: made.why })
    else if (made.edit) {
      plan.edits.push(made.edit)
      plan.cellCount += 1
    }
  }
  return plan
}

function textOf({ from }: PlannedCell): string {
  if ('field' in from) return from.field ?? 'NULL'
  return from.value === null ? 'NULL' : String(from.value)
}

/** No edit where the cell holds the value already. */
function editOf(
  { line, column: { column, index }, from }: PlannedCell,
  scope: PlanScope,
): { edit: Edit | null } | { why: string } {
  const refusal = scope.refusal(line, column)
  if (refusal !== null) return { why: refusal }
  const shown = cellShown(line, column, index)?.cell
  const present = isSecret(shown) ? undefined : shown
  const parsed = valueOf(from, column, present, scope.dialect)
  if ('error' in parsed) return { why: parsed.error }
  const { value } = parsed
  if (value === null && !column.isNullable && !(column.isAutomatic && !line.row)) {
    return { why: `${column.name} is NOT NULL. ${emptyWords(column)}` }
  }
  if (!line.row) {
    // NULL in a column that takes none leaves the value to the database.
    const chosen = value === null && !column.isNullable ? undefined : value
    return { edit: { do: 'set-new', id: line.id, column: column.name, value: chosen } }
  }
  const original = scope.stored(line, index)
  if (original === undefined) return { why: 'The stored value could not be read in whole.' }
  const foreign = foreignWords(column, original)
  if (foreign !== null && !isRepaired(line.change, column.name)) return { why: foreign }
  if (present !== undefined && sameCell(present, value)) return { edit: null }
  return { edit: { do: 'set', key: line.row.key, column: column.name, original, value } }
}

function emptyWords({ kind }: Column): string {
  return kind === 'text' || kind === 'other'
    ? 'An empty field is NULL; empty text is two quotes: "".'
    : 'An empty field is NULL.'
}

function valueOf(from: PlannedCell['from'], column: Column, present: Cell | undefined, dialect: Dialect) {
  if ('field' in from)
    return from.field === null ? { value: null } : parseCell(from.field, column, { present, dialect })
  const { value } = from
  // In a column of several spellings a value is taken only as its own row is written.
  const isMixed = column.codec === null && column.encoding !== null && column.encoding.basis !== 'chosen'
  return isMixed && value !== null ? parseCell(String(value), column, { present, dialect }) : { value }
}

// The fields of a user's form: which columns it asks for, what each begins with, and what the texts in them become.
import type { Cell } from '../../../../shared/cell.ts'
import type { Column, TableDescription } from '../../../../shared/tables.ts'
import { copyText, truthOf } from '../../../grid/cell-show.ts'
import { parseCell } from '../../../grid/cell-text.ts'

export interface FormField {
  column: Column
  /** A new row is refused without it. */
  isNeeded: boolean
  /** Asked for at once; the others below "more". */
  isMain: boolean
  /** What the owner does with it. */
  meaning: string
}

const NAMES = /^(first_?name|last_?name|full_?name|display_?name|name|nick_?name)$/i

/** In the order of the table, the email first. What the database or the save sets by itself is not asked for, and neither are secrets. */
export function fieldsOf({ columns, owner }: TableDescription, values: Readonly<Record<string, Cell>>): FormField[] {
  const user = owner?.user
  const set = new Set(owner?.touches.map(({ column }) => column))
  const known = new Set([user?.email, user?.username, user?.active, user?.confirmedAt, user?.uniquifier])
  const isEmail = ({ column }: FormField) => column.name === user?.email
  const fields = columns.flatMap((column): FormField[] => {
    const { name, isAutomatic, isGenerated, isSecret, isNullable } = column
    if (isAutomatic || isGenerated || isSecret || set.has(name) || column.kind === 'binary') return []
    const isNeeded = (!isNullable && column.default === null) || name === user?.email
    const isMain = isNeeded || known.has(name) || NAMES.test(name) || Object.hasOwn(values, name)
    return [{ column, isNeeded, isMain, meaning: owner?.meanings[name] ?? '' }]
  })
  return [...fields.filter(isEmail), ...fields.filter((field) => !isEmail(field))]
}

/** The text of a value in a field; '' for NULL. */
export function textOf(cell: Cell | undefined, column: Column): string {
  const truth = truthOf(cell, column)
  return truth !== null ? String(truth) : cell === undefined || cell === null ? '' : (copyText(cell) ?? '')
}

/** An empty field leaves the column to the database; what was not touched stays the value it began with. */
export function valueOf(
  { column, isNeeded }: FormField,
  text: string,
  { initial, dialect }: { initial: Cell | undefined; dialect: TableDescription['dialect'] },
): { value: Cell | undefined } | { error: string } {
  if (text === textOf(initial, column)) {
    const isMissing = isNeeded && (initial === undefined || initial === null || initial === '')
    return isMissing ? { error: `${column.name} is needed.` } : { value: initial }
  }
  if (text === '') return isNeeded ? { error: `${column.name} is needed.` } : { value: undefined }
  return parseCell(text, column, { present: undefined, dialect })
}

// Looks at staged changes before anything is sent: only what can be written, and only what fits.
import { schemeOfKept } from '../../shared/kept-hash.ts'
import type { Dialect } from '../../shared/profiles.ts'
import type { Change } from '../../shared/tables.ts'
import type { TableShape } from '../db/database.ts'
import { isSecretColumn } from '../password-schemes.ts'
import { Refusal } from '../refusal.ts'
import { integerRange } from '../../shared/integer-range.ts'

/** Throws READ_ONLY or VALUE_REFUSED, with words for a person. */
export function checkChanges(
  dialect: Dialect,
  shape: TableShape,
  changes: readonly Change[],
  databaseReadOnly: string | null,
): void {
  const why = databaseReadOnly ?? shape.readOnly
  if (why) throw new Refusal('READ_ONLY', why, { why })
  for (const change of changes) {
    checkKey(shape, change)
    if (change.kind !== 'delete') checkValues(dialect, shape, change)
    if (change.kind !== 'insert') checkOriginal(shape, change)
  }
}

function refuse(change: Change, column: string | null, message: string): Refusal {
  return new Refusal('VALUE_REFUSED', message, { changeId: change.id, column })
}

/** New rows need a key too: without one nobody could tell afterwards which they are. */
function checkKey(shape: TableShape, change: Change): void {
  if (shape.key.length === 0) {
    const why = `${shape.name} has no primary key and no unique column without NULLs, so a single row cannot be named.`
    throw new Refusal('READ_ONLY', why, { why })
  }
  if (change.kind !== 'insert' && change.key.length !== shape.key.length) {
    throw refuse(change, null, `The key of ${shape.name} has ${shape.key.length} columns. Reload the table.`)
  }
  // SQLite takes NULL in a key, of any number of rows: which of them is meant cannot be told.
  if (change.kind !== 'insert' && change.key.includes(null)) {
    throw refuse(
      change,
      null,
      'The key of the row holds NULL, which any number of rows may have, so it cannot be named.',
    )
  }
  if (change.kind !== 'delete') checkNewKey(shape, change)
}

/** What the row is to be named by from now on: SQLite alone would take NULL there. */
function checkNewKey(shape: TableShape, change: Exclude<Change, { kind: 'delete' }>): void {
  for (const name of shape.key) {
    const column = columnOf(shape, change, name)
    const isLeftOut = !(name in change.values)
    if (isLeftOut && (change.kind === 'update' || column.default !== null)) continue
    if ((change.values[name] ?? null) !== null || !column.isNullable || column.isAutomatic) continue
    const words = `${name} is part of the key of ${shape.name}: a row that holds NULL there could not be named any more.`
    throw refuse(change, name, words)
  }
}

function checkValues(dialect: Dialect, shape: TableShape, change: Exclude<Change, { kind: 'delete' }>): void {
  const names = Object.keys(change.values)
  if (change.kind === 'update' && names.length === 0) throw refuse(change, null, 'The change holds no new value.')
  for (const name of names) {
    const column = columnOf(shape, change, name)
    const isKept = isSecretColumn(name) && schemeOfKept(change.values[name]) !== null
    if (isSecretColumn(name) && !isKept)
      throw refuse(change, name, `${name} holds password hashes; a typed text would be no hash.`)
    if (column.isGenerated) throw refuse(change, name, `${name} is computed by the database and cannot be written.`)
    if (column.isBarred && change.kind === 'update') throw refuse(change, name, barred(name))
    // What a kept text stands for is looked at where it is found.
    if (isKept) continue
    const value = change.values[name] ?? null
    if (value === null && !column.isNullable && !column.isAutomatic)
      throw refuse(change, name, `${name} cannot be NULL.`)
    if (typeof value === 'string' && column.maxLength !== null && [...value].length > column.maxLength) {
      throw refuse(change, name, `${name} holds at most ${column.maxLength} characters (${column.type}).`)
    }
    if (typeof value === 'bigint') checkRange(dialect, change, column, value)
  }
}

const barred = (name: string) =>
  `The login of this profile has no right to change ${name} (UPDATE on the column). Whoever owns the table can grant it.`

/** SQLite keeps whole numbers in any column; the others keep them where the type says how many bits there are. */
function checkRange(dialect: Dialect, change: Change, column: TableShape['columns'][number], value: bigint): void {
  if (dialect !== 'sqlite' && column.kind !== 'integer') return
  const { min, max } = integerRange(dialect, column.type)
  if (value >= min && value <= max) return
  const words = `${value} does not fit ${column.name}, which holds ${min} to ${max}${column.type && ` (${column.type})`}.`
  throw refuse(change, column.name, words)
}

/** Every column that is changed must be guarded by what was seen, or another person's change could be lost. */
function checkOriginal(shape: TableShape, change: Exclude<Change, { kind: 'insert' }>): void {
  for (const name of Object.keys(change.original)) {
    columnOf(shape, change, name)
    if (isSecretColumn(name)) throw refuse(change, name, `${name} was never shown and cannot be compared.`)
  }
  if (change.kind === 'delete') return
  const unguarded = Object.keys(change.values).find((name) => !(name in change.original) && !isSecretColumn(name))
  if (unguarded) throw refuse(change, unguarded, `The value that ${unguarded} had is missing. Reload the row.`)
}

function columnOf(shape: TableShape, change: Change, name: string) {
  const column = shape.columns.find((candidate) => candidate.name === name)
  if (!column) throw refuse(change, name, `${shape.name} has no column ${name} any more. Reload the table.`)
  return column
}

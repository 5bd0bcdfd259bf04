// What a declared type means: SQLite keeps any text there, so the words that people and tools write are recognised.
import type { ColumnKind } from '../../../shared/tables.ts'

/** Whole names first; then SQLite's own rules of affinity, which every other declared type follows. */
const NAMES: Record<string, ColumnKind> = {
  BOOLEAN: 'boolean',
  BOOL: 'boolean',
  DATE: 'date',
  DATETIME: 'datetime',
  DATETIME2: 'datetime',
  TIMESTAMP: 'datetime',
  TIMESTAMPTZ: 'datetime',
  TIME: 'time',
  TIMETZ: 'time',
  DECIMAL: 'decimal',
  DEC: 'decimal',
  NUMERIC: 'decimal',
  NUMBER: 'decimal',
  MONEY: 'decimal',
  STRING: 'text',
  UUID: 'text',
  JSON: 'text',
  ENUM: 'text',
  BINARY: 'binary',
  VARBINARY: 'binary',
  BYTEA: 'binary',
  POINT: 'other',
}

const AFFINITIES: [pattern: RegExp, kind: ColumnKind][] = [
  [/INT/, 'integer'],
  [/CHAR|CLOB|TEXT/, 'text'],
  [/BLOB/, 'binary'],
  [/REAL|FLOA|DOUB/, 'real'],
]

export function kindOf(declared: string): ColumnKind {
  const type = declared.toUpperCase()
  const name = /^\s*([A-Z0-9_]+)/.exec(type)?.[1] ?? ''
  const known = NAMES[name]
  if (known) return known
  return AFFINITIES.find(([pattern]) => pattern.test(type))?.[1] ?? 'other'
}

/** Characters that `VARCHAR(255)` and its like allow; null when the type names no length or holds no text. */
export function maxLengthOf(declared: string): number | null {
  if (kindOf(declared) !== 'text') return null
  const length = /\(\s*(\d{1,9})\s*\)/.exec(declared)?.[1]
  return length ? Number(length) : null
}

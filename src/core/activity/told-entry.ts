// One statement as a person is told of it: shortened, and without anything secret.
import type { ActivityEntry } from '../../shared/activity.ts'
import { hideKnown, redact } from '../redact.ts'
import { secretPlaces } from './secret-places.ts'

const HIDDEN = '*hidden*'
/** Characters of SQL, and of one value, that are told. */
const SQL_LENGTH = 4_000
const VALUE_LENGTH = 100
/** Characters that are kept until then: a secret that stands across the end must be known whole to be found. */
export const KEPT_SQL = 8_000
export const KEPT_VALUE = 500
export const MOST_VALUES = 20

/** As it is kept: as it was sent, but for what is too long. */
export interface KeptEntry extends Omit<ActivityEntry, 'values'> {
  values: readonly unknown[]
}

export function toldEntry(entry: KeptEntry): ActivityEntry {
  const { placeholders, strings } = secretPlaces(entry.sql)
  let sql = entry.sql
  for (const { from, to } of [...strings].reverse()) sql = `${sql.slice(0, from)}'${HIDDEN}'${sql.slice(to)}`
  return {
    number: entry.number,
    at: entry.at,
    duration: entry.duration,
    role: entry.role,
    // Not `redact`: it would take the placeholder of `password = ?` for one.
    sql: shortened(hideKnown(sql), SQL_LENGTH),
    values: entry.values.map((value, index) =>
      placeholders.has(index) && value !== null ? HIDDEN : shortened(textOf(value), VALUE_LENGTH),
    ),
    rows: entry.rows,
    times: entry.times,
    error: entry.error === null ? null : shortened(redact(entry.error), SQL_LENGTH),
  }
}

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text
}

/** As it would stand in SQL, so that NULL and 'NULL' are two things. What is known as a secret is found before it is quoted. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  if (typeof value === 'string') return `'${redact(value).replaceAll("'", "''")}'`
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value)
    const text = bytes.toString('utf8')
    return hideKnown(text) === text ? `x'${bytes.toString('hex')}'` : HIDDEN
  }
  if (value instanceof Date) return `'${value.toISOString()}'`
  return redact(JSON.stringify(value) ?? 'NULL')
}

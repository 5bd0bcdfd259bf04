// Other rows that an application or a person may take for the same user: their email differs in case, blanks or Unicode form.
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'
import { sameCell } from '../../shared/cell.ts'
import type { Dialect } from '../../shared/profiles.ts'
import type { AlikeUser } from '../../shared/users.ts'
import { surelyHeld } from '../db/charset.ts'
import type { Database, Rows, TableShape } from '../db/database.ts'
import { columnOf, toStatement } from '../db/query.ts'
import type { SqlColumn } from '../db/sql-dialect.ts'
import { sqlDialects } from '../db/sql-dialects.ts'
import { foldings, isAlike, usualSpellings } from './email-forms.ts'

const MOST = 50
/** Milliseconds for the search that no index serves. */
const LIMIT = 8000

/** Blanks that are found around an email: MySQL trims nothing but spaces, so the others are made spaces there. */
const BLANKS = ' \t\n\v\f\r\u00a0\u3000\ufeff'

const blanksIn = (charset: string | undefined) => [...BLANKS].filter((blank) => surelyHeld(charset, blank)).join('')

interface Bare {
  sql: string
  values: (column: SqlColumn) => string[]
}

/** The column in small letters without blanks around it, compared letter by letter. */
const BARE: Readonly<Record<Dialect, Bare>> = {
  sqlite: { sql: 'lower(trim(??, ?))', values: ({ name }) => [name, BLANKS] },
  postgres: { sql: 'lower(btrim(cast(?? as text), ?))', values: ({ name, charset }) => [name, blanksIn(charset)] },
  mysql: {
    sql: `lower(trim(${[...BLANKS.slice(1)].reduce((inner) => `replace(${inner}, ?, ' ')`, 'convert(?? using utf8mb4)')})) collate utf8mb4_bin`,
    values: ({ name }) => [name, ...BLANKS.slice(1)],
  },
}

export interface Alike {
  users: AlikeUser[]
  /** False when not all rows could be searched in 8 s. */
  isWhole: boolean
}

/**
 * At most 50, the row of `key` left out: by its key, because a collation may take other emails for equal. An index finds what
 * is spelled in a usual way, and what the column's collation takes for the same; the others are looked for in all rows, as long
 * as that takes no longer than 8 s (`limit`).
 */
export async function alikeUsers(
  { database, shape, email: name }: { database: Database; shape: TableShape; email: string },
  email: string,
  key: readonly Cell[] | null,
  signal: AbortSignal,
  limit = AbortSignal.timeout(LIMIT),
): Promise<Alike> {
  // PostgreSQL holds no such text, and refuses to be asked for it. Without a key no row can be named.
  const isAsked = shape.key.length > 0 && !(database.dialect === 'postgres' && email.includes('\0'))
  if (!isAsked) return { users: [], isWhole: true }
  const dialect = sqlDialects[database.dialect]
  const { knex } = dialect
  const column = columnOf(shape, name)
  const wanted = [...shape.key, name].map((each) => dialect.stored(columnOf(shape, each)))
  /** `left in (texts)`; no text that the column cannot hold. */
  const find = async (left: Knex.Raw, texts: readonly string[], within: AbortSignal): Promise<Rows['rows']> => {
    // The email itself is stored in most cases, and then held.
    const isHeld = (each: string) => each === email || surelyHeld(column.charset, each)
    const asked = texts.filter((each) => dialect.whyNotAsked(column, each) === null && isHeld(each))
    if (asked.length === 0) return []
    const condition = knex.raw(`? in (${asked.map(() => '?').join(', ')})`, [
      left,
      ...asked.map((each) => dialect.asked(column, each)),
    ])
    // One more than are told, for the row itself.
    const query = knex(dialect.table(shape.name)).select(wanted).where(condition)
    return (await database.read(toStatement(query.limit(MOST + 1)), within)).rows
  }
  const byIndex = await find(knex.raw('??', [column.name]), usualSpellings(email), signal)
  const { sql, values } = BARE[database.dialect]
  const within = AbortSignal.any([signal, limit])
  const anywhere = await find(knex.raw(sql, values(column)), foldings(email), within).catch((error: unknown) => {
    if (!limit.aborted || signal.aborted) throw error
    return null
  })
  const found = new Map<string, AlikeUser>()
  // What is the same but for its spelling comes before what a collation alone takes for the same.
  const isSure = (row: Cell[]) => isAlike(email, row[shape.key.length])
  const rows = [...(anywhere ?? []), ...byIndex.filter(isSure), ...byIndex]
  for (const row of rows) {
    const own = row.slice(0, shape.key.length)
    const other = row[shape.key.length]
    if (typeof other !== 'string' || own.includes(null)) continue
    if (key && own.every((cell, index) => sameCell(cell, key[index]))) continue
    const id = JSON.stringify(own.map((cell) => [typeof cell, cell instanceof Uint8Array ? [...cell] : String(cell)]))
    if (!found.has(id)) found.set(id, { key: own, email: other, words: differenceInWords(email, other) })
  }
  return { users: [...found.values()].slice(0, MOST), isWhole: anywhere !== null }
}

export function differenceInWords(email: string, other: string): string {
  if (email === other) return 'the same email'
  if (!isAlike(email, other)) return 'other letters, which the database takes for the same'
  const words: string[] = []
  if (email.trim() !== email || other.trim() !== other) words.push('blanks around it')
  const [one, two] = [email.trim(), other.trim()]
  const isComposed = (text: string) => text.normalize('NFC').toLowerCase() === text.toLowerCase()
  const isForm = isComposed(one) !== isComposed(two)
  if (isForm) words.push('other code points that look the same')
  if (one.normalize('NFC') !== two.normalize('NFC')) words.push('upper and lower case')
  return words.join(', ') || 'other code points that look the same'
}

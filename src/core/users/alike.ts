// Other rows that an application or a person may take for the same user: their email differs in case, blanks or Unicode form.
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'
import { sameCell } from '../../shared/cell.ts'
import type { AlikeUser } from '../../shared/users.ts'
import type { Database, Rows, TableShape } from '../db/database.ts'
import { columnOf, toStatement } from '../db/query.ts'
import { sqlDialects } from '../db/sql-dialects.ts'

const MOST = 50
/** Milliseconds for the search that no index serves. */
const LIMIT = 8000

/** What two alike emails have in common. */
export const folded = (email: string): string => email.normalize('NFC').trim().toLowerCase().normalize('NFC')

/**
 * At most 50, the row of `key` left out: by its key, because a collation may take other emails for equal. An index finds what
 * is spelled in a usual way; the others are looked for in all rows, as long as that takes no longer than 8 s.
 */
export async function alikeUsers(
  { database, shape, email: name }: { database: Database; shape: TableShape; email: string },
  email: string,
  key: readonly Cell[] | null,
  signal: AbortSignal,
): Promise<AlikeUser[]> {
  // Rows without a key cannot be named, so there is no way to them.
  if (shape.key.length === 0) return []
  // PostgreSQL holds no such text, and refuses to be asked for it.
  if (database.dialect === 'postgres' && email.includes('\0')) return []
  const dialect = sqlDialects[database.dialect]
  const { knex } = dialect
  const column = columnOf(shape, name)
  const wanted = [...shape.key, name].map((each) => dialect.stored(columnOf(shape, each)))
  const ask = (condition: Knex.Raw, within: AbortSignal) =>
    database.read(
      toStatement(
        knex(dialect.table(shape.name))
          .select(wanted)
          .where(condition)
          .limit(MOST + 1),
      ),
      within,
    )
  const spellings = usualSpellings(email).filter((each) => dialect.whyNotAsked(column, each) === null)
  const marks = spellings.map(() => '?').join(', ')
  const asked = spellings.map((each) => dialect.asked(column, each))
  const byIndex =
    asked.length === 0 ? [] : (await ask(knex.raw(`?? in (${marks})`, [column.name, ...asked]), signal)).rows
  const limit = AbortSignal.timeout(LIMIT)
  const fold = email.trim().toLowerCase()
  const anywhere =
    dialect.whyNotAsked(column, fold) !== null
      ? []
      : await ask(knex.raw('lower(trim(??)) = ?', [column.name, fold]), AbortSignal.any([signal, limit])).then(
          ({ rows }: Rows) => rows,
          (error: unknown) => {
            if (!limit.aborted || signal.aborted) throw error
            return []
          },
        )
  const found = new Map<string, AlikeUser>()
  for (const row of [...byIndex, ...anywhere]) {
    const own = row.slice(0, shape.key.length)
    const other = row[shape.key.length]
    if (typeof other !== 'string' || own.includes(null)) continue
    if (key && own.every((cell, index) => sameCell(cell, key[index]))) continue
    const id = JSON.stringify(own.map((cell) => [typeof cell, cell instanceof Uint8Array ? [...cell] : String(cell)]))
    found.set(id, { key: own, email: other, words: differenceInWords(email, other) })
  }
  return [...found.values()].slice(0, MOST)
}

/** What an index can be asked for. */
function usualSpellings(email: string): string[] {
  const trimmed = email.trim()
  const at = trimmed.lastIndexOf('@')
  const lowDomain = at < 0 ? trimmed : trimmed.slice(0, at) + trimmed.slice(at).toLowerCase()
  const forms = [email, trimmed, lowDomain, trimmed.toLowerCase(), trimmed.toUpperCase()]
  return [...new Set(forms.flatMap((form) => [form, form.normalize('NFC'), form.normalize('NFD')]))]
}

export function differenceInWords(email: string, other: string): string {
  if (email === other) return 'the same email'
  if (folded(email) !== folded(other)) return 'other letters, which the database takes for the same'
  const words: string[] = []
  if (email.trim() !== email || other.trim() !== other) words.push('blanks around it')
  const [one, two] = [email.trim(), other.trim()]
  if (
    one.normalize('NFC').toLowerCase() !== one.toLowerCase() ||
    two.normalize('NFC').toLowerCase() !== two.toLowerCase()
  )
    words.push('other code points that look the same')
  if (one.normalize('NFC') !== two.normalize('NFC')) words.push('upper and lower case')
  return words.join(', ') || 'other code points that look the same'
}

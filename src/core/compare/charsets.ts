// Which characters a column can hold: on MySQL and MariaDB each column has a character set of its own, and many know no emoji.
import type { Database } from '../db/database.ts'

/** Character sets of the columns of text, by column; empty for an engine that has one for the whole database. */
export async function charsetsOf(
  database: Database,
  table: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  if (database.dialect !== 'mysql') return new Map()
  const sql = `SELECT COLUMN_NAME, CHARACTER_SET_NAME FROM information_schema.COLUMNS
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND CHARACTER_SET_NAME IS NOT NULL`
  const { rows } = await database.read({ sql, values: [table] }, signal)
  // `utf8` has been utf8mb3 at all times; which name is told depends on the server's version.
  return new Map(rows.map(([name, set]) => [String(name), set === 'utf8' ? 'utf8mb3' : String(set)]))
}

/** MySQL's latin1 is Windows-1252, with the five places that Windows leaves empty. */
const LATIN1 = new Set(new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 256 }, (_, byte) => byte)))

const ASCII = /^[\0-\x7f]*$/u

/** Why the text cannot be stored in this character set, naming the first character that cannot; null when it can. */
export function unfitFor(charset: string | null, text: string): string | null {
  if (charset === null || /^(utf8mb4|utf16|utf16le|utf32)$/.test(charset) || ASCII.test(text)) return null
  const isBasic = /^(utf8mb3|ucs2)$/.test(charset)
  for (const letter of text) {
    const fits = isBasic ? (letter.codePointAt(0) ?? 0) <= 0xffff : charset === 'latin1' && LATIN1.has(letter)
    if (!fits) return `“${letter}” is not in the column's character set ${charset}`
  }
  return null
}

// Statements as they are shown and written down: changes of users bind no values, so that passwords stand in their text.
import type { Dialect } from '../../../shared/profiles.ts'

const MENTIONS = /password|passwd|\bidentified\s+(?:by|with|via|as)\b/i
/** A table that has such a column holds none in its definition. */
const TABLE = /^\s*(?:create|alter)\s+(?:temporary\s+|temp\s+)?table\b/i
const SINGLE = /'(?:[^'\\]|''|\\[\s\S])*'/g
const DOUBLE = /"(?:[^"\\]|""|\\[\s\S])*"/g

/** Without its texts in quotes, where it speaks of a password. Its fingerprint is made of the whole. */
export function withoutSecrets(sql: string, dialect: Dialect): string {
  if (!MENTIONS.test(sql) || TABLE.test(sql)) return sql
  const rest = sql.replace(SINGLE, "'…'")
  return dialect === 'mysql' ? rest.replace(DOUBLE, '"…"') : rest
}

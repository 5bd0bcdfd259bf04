// Tells from the text of SQL whether it wants to be in a transaction, or handles transactions by itself.
import type { Dialect } from '../../../shared/profiles.ts'
import { pieceAt } from './sql-pieces.ts'

const DIRECTIVE = /^[-#/*!\s]*(?:roster:\s*no[ -]transaction|transaction:\s*false)[\s*/]*$/im

/** Asks in a comment before the first statement: "-- roster: no transaction" or "-- transaction: false". */
export function asksForNoTransaction(text: string, dialect: Dialect): boolean {
  for (let at = text.startsWith('\uFEFF') ? 1 : 0; at < text.length;) {
    const { kind, end } = pieceAt(text, at, dialect)
    if (kind === 'comment' && DIRECTIVE.test(text.slice(at, end))) return true
    if (kind !== 'comment' && kind !== 'space') return false
    at = end
  }
  return false
}

/**
 * What the engines answer with an error inside of a transaction. ALTER TYPE ... ADD VALUE is not among them: PostgreSQL allows
 * it since 12. MySQL and MariaDB have nothing like that; they commit by themselves.
 */
const ALONE: Record<Dialect, readonly RegExp[]> = {
  postgres: [
    /^(?:create (?:unique )?|drop )index concurrently\b/,
    /^reindex (?:.* )?(?:concurrently|database|system|schema)\b/,
    /^alter table .* detach partition .*\bconcurrently\b/,
    /^vacuum\b/,
    /^(?:create|drop) (?:database|tablespace|subscription)\b/,
    /^alter system\b/,
    /^alter database .* set tablespace\b/,
    /^alter subscription .* (?:refresh|set|add|drop) publication\b/,
    /^cluster( verbose)?$/,
    /^discard all$/,
    /^(?:commit|rollback) prepared\b/,
  ],
  sqlite: [/^vacuum\b/, /^(?:attach|detach)\b/, /^pragma (?:\w+ )?journal_mode\b/],
  mysql: [],
}

/** `sql` is one statement. */
export function cannotBeInTransaction(sql: string, dialect: Dialect): boolean {
  const rules = ALONE[dialect]
  if (rules.length === 0) return false
  const words = wordsOf(sql, dialect, 100).join(' ')
  return rules.some((rule) => rule.test(words))
}

const CONTROLS: Record<Dialect, RegExp> = {
  postgres:
    /^(?:begin|start transaction|commit|end|abort|rollback(?! (?:work |transaction )?to\b)|prepare transaction)\b/,
  mysql:
    /^(?:begin(?! not atomic)|start transaction|commit|rollback(?! (?:work )?to\b)|xa|set (?:(?:global|session|local) )?autocommit|lock tables?|unlock tables?)\b/,
  sqlite: /^(?:begin|commit|end|rollback(?! (?:transaction )?to\b))\b/,
}

/** Whether one statement begins or ends a transaction. */
export function controlsTransaction(sql: string, dialect: Dialect): boolean {
  return CONTROLS[dialect].test(wordsOf(sql, dialect, 8).join(' '))
}

/** The first words of a statement in lower case; what is in quotes stands as "?". */
function wordsOf(sql: string, dialect: Dialect, most: number): string[] {
  const words: string[] = []
  let isOpened = false
  for (let at = 0; at < sql.length && words.length < most;) {
    const { kind, end } = pieceAt(sql, at, dialect, isOpened)
    if (kind === 'word') words.push(sql.slice(at, end).toLowerCase())
    if (kind === 'quoted') words.push('?')
    if (kind === 'opening' || kind === 'closing') isOpened = kind === 'opening'
    at = end
  }
  return words
}

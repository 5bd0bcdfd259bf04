// What steps may have set in the session of a scratch schema: looked at while they run, and set back before anything is read.
import { textOf, type Asked } from './parts.ts'

/** Why the text of statements can no longer be read as it is here, or that the session is elsewhere; null when all is well. */
export async function sessionIsBent({ ask }: Asked, scratch: string): Promise<string | null> {
  const [row = {}] = await ask(
    'SELECT @@SESSION.sql_mode AS mode, @@SESSION.character_set_client AS letters, DATABASE() AS here',
  )
  if (textOf(row.here) !== scratch) return 'the session has left the scratch schema.'
  const mode = /ANSI_QUOTES|NO_BACKSLASH_ESCAPES/.exec(textOf(row.mode))?.[0]
  if (mode) return `it sets sql_mode to ${mode}, with which names and texts could not be told apart safely.`
  const letters = textOf(row.letters)
  return /^(utf8|utf8mb3|utf8mb4|latin1|ascii|binary)$/.test(letters)
    ? null
    : `it sets the character set ${letters}, in which texts could not be read safely.`
}

/** What decides how the catalogue is told, and whether it can be asked at all. */
const SETTINGS = [
  'sql_mode',
  'character_set_client',
  'character_set_connection',
  'character_set_results',
  'collation_connection',
  'foreign_key_checks',
  'autocommit',
  'sql_quote_show_create',
  'sql_select_limit',
  'time_zone',
] as const

/** Answers with what sets the session back, out of open transactions and locked tables too. */
export async function keepSession({ ask }: Asked): Promise<() => Promise<void>> {
  const [kept = {}] = await ask(`SELECT ${SETTINGS.map((name) => `@@SESSION.${name} AS ${name}`).join(', ')}`)
  return async () => {
    await ask('ROLLBACK')
    await ask('UNLOCK TABLES')
    await ask(`SET ${SETTINGS.map((name) => `SESSION ${name} = ${literal(textOf(kept[name]))}`).join(', ')}`)
  }
}

/** Numbers up to 2^64 are told as text, and are not taken as such. */
const literal = (value: string) => (/^\d+$/.test(value) ? value : `'${value}'`)

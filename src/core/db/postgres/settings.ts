// How a session is set up, and the look whether it took: a pooler in between, or a role's own settings, may have other ideas.
import type { Login } from '../server/link.ts'
import { PostgresProblem } from './problem.ts'

/** The oldest release whose functions tell what became of a transaction (pg_xact_status of a 64-bit number). */
const OLDEST = 130_000

export type Ask = (text: string) => Promise<unknown[]>

/** Name, value to set. What the server spells otherwise stands in `READ`. */
function settingsOf(mayWrite: boolean): readonly (readonly [name: string, value: string])[] {
  return [
    ['client_encoding', 'UTF8'],
    ['TimeZone', 'UTC'],
    // Year first: 01/02/2003 is refused, not guessed.
    ['DateStyle', 'ISO, YMD'],
    ['IntervalStyle', 'postgres'],
    ['standard_conforming_strings', 'on'],
    ['extra_float_digits', '3'],
    ['bytea_output', 'hex'],
    ['array_nulls', 'on'],
    // Rows that nothing sorts are paged by position: a scan begins at the first row, not where another one just is.
    ['synchronize_seqscans', 'off'],
    ['application_name', 'Roster'],
    ['default_transaction_read_only', mayWrite ? 'off' : 'on'],
    [LOCK_TIMEOUT.name, LOCK_TIMEOUT.value],
    ['idle_in_transaction_session_timeout', mayWrite ? '0' : '60s'],
  ]
}

/** Milliseconds that a statement waits for a row or a table that another session has locked. */
export const LOCK_TIMEOUT = { name: 'lock_timeout', value: '5s' }

/**
 * What would end or refuse the work of others. A pooler that shares sessions hands them out again as Roster left them, to the
 * application as well: there they stay as they are, and each transaction that writes sets its own.
 */
const OWN_ALONE: ReadonlySet<string> = new Set([
  ...['default_transaction_read_only', LOCK_TIMEOUT.name, 'idle_in_transaction_session_timeout'],
])

const READ: Record<string, string> = { idle_in_transaction_session_timeout: '1min' }

/**
 * Sets the session up and reads it back; answers with its number. `mayWrite` is for schema work, whose statements may write
 * without a word before them: never with a read-only login. `told`: the number that the server gave at the handshake; another
 * one answers where a pooler is in between.
 */
export async function setUp(
  ask: Ask,
  { isReadOnly }: Pick<Login, 'isReadOnly'>,
  mayWrite: boolean,
  told: number | null,
): Promise<string> {
  const settings = settingsOf(mayWrite && !isReadOnly)
  const list = settings.map(([name, value]) => {
    const set = `set_config('${name}', '${value}', false)`
    return told !== null && OWN_ALONE.has(name) ? `case when pg_backend_pid() = ${told} then ${set} end` : set
  })
  await ask(`select ${list.join(', ')}`)
  // A second statement, so that a pooler that hands out another server each time is noticed.
  const names = settings.map(([name]) => `current_setting('${name}')`)
  const found = await ask(
    `select pg_backend_pid()::text, current_setting('server_version_num'), current_setting('server_version'), ${names.join(', ')}`,
  )
  const [session, version, versionText, ...values] = found.map(String)
  if (Number(version) < OLDEST) {
    throw new PostgresProblem(
      'other',
      'ROSTER_OLD',
      `PostgreSQL ${versionText ?? ''} is too old: 13 is needed at least.`,
    )
  }
  settings.forEach(([name, value], index) => {
    const wanted = READ[name] && value !== '0' ? READ[name] : value
    if (values[index] === wanted || (OWN_ALONE.has(name) && told !== null && session !== String(told))) return
    const words = `The session did not take the setting ${name}: it is ${values[index] ?? ''}, not ${wanted}. A pooler in between that shares sessions may be why: let the profile name the server itself, or the pooler keep each session to one connection (PgBouncer: pool_mode = session).`
    throw new PostgresProblem('other', 'ROSTER_SETTINGS', words)
  })
  return session ?? ''
}

// What every session is set to, and the look at whether it is so: a proxy in between may have said yes and done nothing.
import type { Answer } from './wire.ts'
import { ownFailure } from './own-failure.ts'

/**
 * Strict, so that nothing is bent to fit. Without NO_ZERO_DATE, because '0000-00-00' is a value that tables hold; with
 * NO_AUTO_VALUE_ON_ZERO, because 0 is a key like any other. Without NO_BACKSLASH_ESCAPES and ANSI_QUOTES (see `literal.ts`).
 */
const SQL_MODE = [
  'STRICT_TRANS_TABLES',
  'STRICT_ALL_TABLES',
  'NO_AUTO_VALUE_ON_ZERO',
  'ERROR_FOR_DIVISION_BY_ZERO',
  'NO_ENGINE_SUBSTITUTION',
] as const

/**
 * For rows, not for schema work: a day that no calendar has (2024-02-30) is a value that tables hold, and that a save which is
 * taken back must be able to write again. What a person writes is checked by the column's codec.
 */
const FOR_ROWS = 'ALLOW_INVALID_DATES'

/** Seconds that a statement waits for a row or a table that another session has locked. */
const LOCK_WAIT = '5'

/** Bytes of a text that ORDER BY looks at. With the server's 1024, rows that differ behind them could change places between pages. */
const SORT_LENGTH = '8192'

/** In the order to set them. Names and values are as `SHOW VARIABLES` tells them. */
const settingsFor = (mode: string): [name: string, set: string, told: string][] => [
  ['character_set_client', 'utf8mb4', 'utf8mb4'],
  ['character_set_results', 'utf8mb4', 'utf8mb4'],
  ['collation_connection', 'utf8mb4_general_ci', 'utf8mb4_general_ci'],
  ['sql_mode', `'${mode}'`, mode],
  ['time_zone', "'+00:00'", '+00:00'],
  ['autocommit', '1', 'ON'],
  ['completion_type', "'NO_CHAIN'", 'NO_CHAIN'],
  ['innodb_lock_wait_timeout', LOCK_WAIT, LOCK_WAIT],
  ['lock_wait_timeout', LOCK_WAIT, LOCK_WAIT],
  ['foreign_key_checks', '1', 'ON'],
  ['unique_checks', '1', 'ON'],
  ['sql_safe_updates', '0', 'OFF'],
  ['sql_auto_is_null', '0', 'OFF'],
  ['sql_select_limit', '18446744073709551615', '18446744073709551615'],
  ['max_sort_length', SORT_LENGTH, SORT_LENGTH],
]

/** The same thing under two names: MySQL 8 knows the second, MariaDB 10.11 the first, newer MariaDB both. */
const READ_ONLY = ['tx_read_only', 'transaction_read_only']

/** Of nodes of a Galera cluster alone. */
const GALERA = ['wsrep_on', 'wsrep_provider', 'wsrep_node_name', 'wsrep_cluster_name']

export interface GaleraFacts {
  node: string
  cluster: string
}

export interface SessionFacts {
  /** "10.11.19-MariaDB-0+deb12u1", "8.4.0" */
  version: string
  /** Bytes of one statement at most. */
  maxPacket: number
  /** Null for a server that is no node of a Galera cluster. */
  galera: GaleraFacts | null
}

/**
 * `reads`: transactions read only, unless they are begun to write. Rejects with ROSTER_SESSION when the session is not as it
 * was set.
 */
export async function setUpSession(
  ask: (sql: string) => Promise<Answer>,
  access: 'reads' | 'writes',
): Promise<SessionFacts> {
  const settings = settingsFor([...SQL_MODE, ...(access === 'reads' ? [FOR_ROWS] : [])].join())
  await ask(`SET ${settings.map(([name, set]) => `SESSION ${name} = ${set}`).join(', ')}`)
  await ask(`SET SESSION TRANSACTION READ ${access === 'reads' ? 'ONLY' : 'WRITE'}`)
  const names = [...settings.map(([name]) => name), ...READ_ONLY, ...GALERA, 'version', 'max_allowed_packet']
  const { rows } = await ask(
    `SHOW SESSION VARIABLES WHERE Variable_name IN (${names.map((name) => `'${name}'`).join()})`,
  )
  const told = new Map(rows?.map(([name, value]) => [String(name).toLowerCase(), String(value)]))
  const expected = settings.map(([name, , value]) => [name, value] as const)
  const readOnly = READ_ONLY.find((name) => told.has(name)) ?? 'transaction_read_only'
  for (const [name, value] of [...expected, [readOnly, access === 'reads' ? 'ON' : 'OFF'] as const]) {
    const now = told.get(name)
    if (now === undefined || sorted(now) !== sorted(value))
      throw ownFailure('ROSTER_SESSION', `The session was set to ${name} = ${value}, and has ${now ?? 'none'}.`)
  }
  return {
    version: told.get('version') ?? '',
    maxPacket: Number(told.get('max_allowed_packet') ?? 1 << 20),
    galera: galeraOf(told),
  }
}

/** The variables are there on every MariaDB, with a provider of "none". */
function galeraOf(told: ReadonlyMap<string, string>): GaleraFacts | null {
  const provider = told.get('wsrep_provider') ?? 'none'
  if (told.get('wsrep_on') !== 'ON' || provider === '' || provider === 'none') return null
  return { node: told.get('wsrep_node_name') ?? '', cluster: told.get('wsrep_cluster_name') ?? '' }
}

const sorted = (list: string) => list.split(',').sort().join()

// What the errors of pg, of PostgreSQL and of the network mean, by the retry table of the reliability rules (3.2).
import pg from 'pg'
import type { ConstraintFailure } from '../database.ts'
import type { Failure, FailureKind } from '../failure.ts'
import { TlsProblem } from '../server/tls-problem.ts'
import { SYSTEM_CODES } from '../system-codes.ts'
import { PostgresProblem } from './problem.ts'
import { VALUE_CODE } from './values.ts'

/** By SQLSTATE, and where none is named by its first two digits, the class. */
const STATES: Record<string, FailureKind> = {
  '08': 'lost',
  '08004': 'other',
  '08007': 'outcome-unknown',
  '08P01': 'protocol',
  '22': 'constraint',
  '23': 'constraint',
  '25006': 'read-only',
  '25P02': 'failed-transaction',
  '25P03': 'lost',
  '26000': 'stale-plan',
  '28': 'authentication',
  '3D000': 'no-database',
  '40001': 'serialization',
  '40003': 'outcome-unknown',
  '40P01': 'deadlock',
  '42501': 'no-privilege',
  '44': 'constraint',
  '53': 'resources',
  '53300': 'too-many-connections',
  '55P03': 'lock-timeout',
  '57014': 'cancelled',
  '57P01': 'lost',
  '57P02': 'lost',
  '57P03': 'starting',
  '57P04': 'lost',
  '57P05': 'lost',
  '58030': 'damaged',
  // A trigger's own words: RAISE EXCEPTION.
  P0001: 'constraint',
  XX001: 'damaged',
  XX002: 'damaged',
}

const SYSTEM: Record<string, FailureKind> = {
  ...SYSTEM_CODES,
  // A socket that is a file.
  ENOENT: 'refused',
  ENOTCONN: 'lost',
  ERR_STREAM_DESTROYED: 'lost',
  ERR_STREAM_WRITE_AFTER_END: 'lost',
  ERR_SOCKET_CLOSED: 'lost',
  EPROTO: 'tls',
}

/** A connection that had been made cannot be refused or unreachable any more: it is lost. */
const WHILE_CONNECTING: ReadonlySet<string> = new Set(['refused', 'unreachable', 'no-answer'])

/** Names that OpenSSL gives to what is wrong with a certificate; Node's own begin with ERR_. */
const CERTIFICATE =
  /^(ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|INVALID_|ERROR_IN_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_|PATH_LENGTH_)/

/** Errors without a code, by their words, before which knex puts the statement (pg 8.23.1: client.js, connection.js, crypto/sasl.js, pg-protocol/parser.js). */
const TEXTS: readonly (readonly [words: RegExp, kind: FailureKind])[] = [
  [/timeout expired$/, 'no-answer'],
  [/Connection terminated( unexpectedly)?$/, 'lost'],
  [/not queryable/, 'lost'],
  [/socket (hang up|disconnected)/, 'lost'],
  [/does not support SSL|establishing an SSL connection/, 'tls'],
  [/^SASL: Only mechanism/, 'unsafe'],
  [/^SASL: SCRAM-SERVER-FINAL-MESSAGE|client password/, 'authentication'],
  [/^SASL/, 'protocol'],
  [/invalid response|unexpected \w+ message|Unknown \w+ message|PrepareError/i, 'protocol'],
]

export function classify(error: unknown): Failure {
  if (error instanceof AggregateError && error.errors.length > 0) return classify(error.errors[0])
  if (error instanceof TlsProblem) return error.failure
  if (error instanceof PostgresProblem) return { kind: error.kind, code: error.code, message: error.message }
  if (error instanceof pg.DatabaseError) return ofServer(error)
  const message = error instanceof Error ? error.message : String(error)
  const { code, syscall } = Object(error) as { code?: unknown; syscall?: unknown }
  if (typeof code === 'string' && code !== '') return { kind: ofSystem(code, syscall), code, message }
  return { kind: TEXTS.find(([words]) => words.test(message))?.[1] ?? 'other', code: '', message }
}

function ofSystem(code: string, syscall: unknown): FailureKind {
  const kind = SYSTEM[code] ?? (CERTIFICATE.test(code) ? 'tls' : 'other')
  return WHILE_CONNECTING.has(kind) && (syscall === 'read' || syscall === 'write') ? 'lost' : kind
}

function ofServer(error: pg.DatabaseError): Failure {
  const code = error.code ?? ''
  if (isOfPolicy(error)) return { kind: 'constraint', code, message: `${POLICY} The server says: ${error.message}` }
  const failure: Failure = { kind: kindOf(code, error.message), code, message: withoutValue(code, error.message) }
  if (error.table !== undefined) failure.table = error.table
  if (error.constraint !== undefined) failure.constraint = error.constraint
  const columns = columnsOf(error)
  if (columns.length > 0) failure.columns = columns
  return failure
}

/** Told by the server's function, as the words are in its language: any other 42501 is a right that is missing. */
const isOfPolicy = ({ code, routine }: pg.DatabaseError): boolean =>
  code === '42501' && routine === 'ExecWithCheckOptions'
/** What is written is read back, so that it has to be a row that may be seen. */
const POLICY =
  'A row-level policy does not let this user write the row as it would be, or see it afterwards. Change the values, or save with a user that the policy allows.'

function kindOf(code: string, message: string): FailureKind {
  if (code === '' && /invalid response/.test(message)) return 'protocol'
  if (code === '57014' && /statement timeout/.test(message)) return 'timeout'
  if (code === '0A000' && /cached plan/.test(message)) return 'stale-plan'
  return STATES[code] ?? STATES[code.slice(0, 2)] ?? 'other'
}

/** Of letters that one encoding has and another has not; what is in quotes are the names of these. */
const OF_ENCODINGS: ReadonlySet<string> = new Set(['22021', '22P05'])
/** Roster sends UTF-8 alone. Zeros are refused in any text. */
const STORED_BROKEN = /^invalid byte sequence for encoding "UTF8": 0x(?!00)/
const MENDED =
  "A text that is stored here is no UTF-8, which a database in SQL_ASCII takes, and the server does not hand it out. Convert the column in psql, after SET client_encoding = SQL_ASCII; from LATIN1, for example: UPDATE … SET name = convert_from(convert(convert_to(name, 'SQL_ASCII'), 'LATIN1', 'UTF8'), 'SQL_ASCII') WHERE …"

/** Words about a value that does not fit repeat the value, in quotes; it may be anything, a password too. */
function withoutValue(code: string, message: string): string {
  if (code === '22021' && STORED_BROKEN.test(message)) return `${MENDED} The server says: ${message}`
  if (OF_ENCODINGS.has(code)) return message
  return code.startsWith('22') ? message.replace(/:? ?"[^]*"/, '') : message
}

/** "Key (email, tenant)=(…) already exists." in whatever language; names that need it are in double quotes. */
function columnsOf({ column, code, detail }: pg.DatabaseError): string[] {
  if (column !== undefined) return [column]
  if (!code?.startsWith('23') || detail === undefined) return []
  const list = /\(((?:"(?:[^"]|"")*"|[^"])*?)\)=\(/.exec(detail)?.[1]
  if (list === undefined) return []
  const names = list.match(/"(?:[^"]|"")*"|[^",\s][^",]*/g) ?? []
  // An index over an expression names no column.
  if (names.some((name) => !name.startsWith('"') && /[()':]/.test(name))) return []
  return names.map((name) => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name))
}

const CONSTRAINTS: Record<string, ConstraintFailure['kind']> = {
  '23502': 'not-null',
  '23503': 'foreign-key',
  '23001': 'foreign-key',
  '23505': 'unique',
  [VALUE_CODE]: 'type',
}

export function constraint({ kind, code, columns = [], message, constraint: name }: Failure): ConstraintFailure | null {
  if (kind !== 'constraint') return null
  const meant = CONSTRAINTS[code] ?? (code.startsWith('22') ? 'type' : 'check')
  return { kind: meant, columns, message, ...(name !== undefined && { constraint: name }) }
}

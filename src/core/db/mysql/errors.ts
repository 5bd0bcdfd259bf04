// What the errors of MySQL, MariaDB, Galera, the driver and the system mean. Numbers come first: the driver's names differ
// between the two servers, and some errors have neither name nor number.
import { TlsProblem } from '../server/tls-problem.ts'
import type { Failure, FailureKind } from '../failure.ts'
import { SYSTEM_CODES } from '../system-codes.ts'
import { withoutValues } from './clean.ts'
import { namedIn } from './named-columns.ts'
import type { OwnCode } from './own-failure.ts'

const NUMBERS: Partial<Record<FailureKind, number[]>> = {
  'too-many-connections': [1040, 1203],
  'user-limit': [1226],
  'host-blocked': [1129, 1130],
  // 1820 and 1862: the password has expired; 3118 and 4151: the account is locked.
  authentication: [1045, 1251, 1524, 1698, 1820, 1862, 3118, 4151],
  'no-database': [1049],
  'no-privilege': [1044, 1142, 1143, 1227, 1370, 1410, 1419],
  lost: [1053, 1077, 1079, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013, 2055, 3169, 4031],
  'outcome-unknown': [1180],
  serialization: [1020],
  deadlock: [1213, 1614],
  'lock-timeout': [1205, 3572],
  cancelled: [1317],
  timeout: [1969, 3024],
  'read-only': [1792, 1836],
  'not-in-cluster': [1047],
  resources: [1021, 1030, 1037, 1038, 1041, 1114, 1135, 1153, 1206, 1637],
  damaged: [1033, 1034, 1035, 1194, 1195, 1712, 1877],
  protocol: [1043],
  // 3159: this server takes no connection without TLS.
  tls: [2026, 3159],
  'stale-plan': [1243, 1615],
  constraint: [
    ...[
      1048, 1062, 1169, 1216, 1217, 1263, 1264, 1265, 1292, 1300, 1364, 1366, 1367, 1369, 1406, 1411, 1416, 1451, 1452,
    ],
    ...[1525, 1526, 1557, 1586, 1644, 1690, 1761, 1762, 3140, 3819, 4025],
  ],
}
const BY_NUMBER = new Map(
  Object.entries(NUMBERS).flatMap(([kind, numbers]) => numbers.map((number) => [number, kind as FailureKind])),
)

const BY_CODE: Record<string, FailureKind> = {
  ...SYSTEM_CODES,
  // A socket that is a file.
  ENOENT: 'refused',
  PROTOCOL_CONNECTION_LOST: 'lost',
  HANDSHAKE_NO_SSL_SUPPORT: 'tls',
  HANDSHAKE_SSL_ERROR: 'tls',
  EPROTO: 'tls',
  HANDSHAKE_UNKNOWN_ERROR: 'protocol',
  PROTOCOL_ERROR: 'protocol',
  PROTOCOL_UNEXPECTED_PACKET: 'protocol',
  // The driver knows no such way to log in.
  AUTH_SWITCH_PLUGIN_ERROR: 'authentication',
  MYSQL_CLEAR_PASSWORD_NOT_ENABLED: 'unsafe',
}

const OWN: Record<OwnCode, FailureKind> = {
  ROSTER_NO_ANSWER: 'no-answer',
  ROSTER_NOT_MYSQL: 'protocol',
  ROSTER_UNSAFE: 'unsafe',
  ROSTER_NEEDS_KEY: 'unsafe',
  ROSTER_SESSION: 'protocol',
  ROSTER_LOST: 'lost',
  ROSTER_VALUE: 'constraint',
  ROSTER_TRANSACTION: 'failed-transaction',
  ROSTER_UNKNOWN: 'outcome-unknown',
}

/** The first characters of a SQLSTATE, for numbers that are not in the table. */
const BY_STATE: [start: string, kind: FailureKind][] = [
  ['40001', 'deadlock'],
  ['25006', 'read-only'],
  ['70100', 'cancelled'],
  ['08', 'lost'],
  ['28', 'authentication'],
  ['22', 'constraint'],
  ['23', 'constraint'],
]

/** The fields that errors of the driver, of the system and of this folder may have. */
interface AnyError {
  message?: unknown
  code?: unknown
  errno?: unknown
  sqlState?: unknown
  table?: string
  columns?: string[]
  /** Of an error inside the TLS handshake; the driver writes its own code over the first one. */
  tlsCode?: unknown
}

export function classify(error: unknown): Failure {
  if (error instanceof TlsProblem) return error.failure
  const { message, code, errno, sqlState, tlsCode, table, columns } = (
    typeof error === 'object' && error !== null ? error : {}
  ) as AnyError
  const text = withoutValues(typeof message === 'string' ? message : String(error))
  const name = typeof code === 'string' ? code : ''
  // Errors of the system have negative numbers, and a name that says it.
  const number = typeof errno === 'number' && errno > 0 ? errno : null
  const kind = kindOf(
    number,
    name,
    typeof sqlState === 'string' ? sqlState : '',
    typeof tlsCode === 'string' ? tlsCode : '',
    text,
  )
  return {
    kind,
    code: number === null ? name : String(number),
    message: text,
    ...(number === null ? {} : namedIn(number, text)),
    ...(table === undefined ? {} : { table }),
    ...(columns === undefined ? {} : { columns }),
  }
}

function kindOf(number: number | null, name: string, state: string, tlsCode: string, text: string): FailureKind {
  if (number !== null) return numberKind(number, state, text)
  if (tlsCode !== '' && BY_CODE[tlsCode] === 'lost') return 'lost'
  const known = OWN[name as OwnCode] ?? BY_CODE[name]
  if (known) return known
  if (/^(ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(name)) return 'tls'
  // Two errors of the driver have neither code nor number.
  return /in closed state/.test(text) ? 'lost' : 'other'
}

function numberKind(number: number, state: string, text: string): FailureKind {
  // "The server is running with the --read-only option": the same number stands for many other options.
  if (number === 1290) return /read.only/i.test(text) ? 'read-only' : 'other'
  // Galera borrows the number of an unknown command.
  if (number === 1047 && !/wsrep/i.test(text)) return 'other'
  return BY_NUMBER.get(number) ?? BY_STATE.find(([start]) => state.startsWith(start))?.[1] ?? 'other'
}

// Links to a real server, and to fake ones, for the tests of this folder.
import type { Server } from 'node:net'
import type { TestServer } from '../../../../scripts/servers/server.ts'
import type { ConnectPhase } from '../../../shared/connections.ts'
import type { Cell } from '../../../shared/cell.ts'
import type { ConnectOptions, Link, Login } from '../server/link.ts'
import type { Read } from '../server/server-dialect.ts'
import { mysql } from './mysql.ts'

export function loginTo(
  { host, port, user, password, database }: Pick<TestServer, 'host' | 'port' | 'user' | 'password' | 'database'>,
  other: Partial<Login> = {},
): Login {
  return { host, port, user, password, database, tls: 'off', isReadOnly: false, ...other }
}

/** Where a fake server listens; its password is "secret". */
export const fakeLogin = ({ port }: { port: number }, other: Partial<Login> = {}) =>
  loginTo({ host: '127.0.0.1', port, user: 'ada', password: 'secret', database: 'app' }, other)

export const quietly = (other: Partial<ConnectOptions> = {}): ConnectOptions => ({
  signal: new AbortController().signal,
  onPhase: () => undefined,
  ...other,
})

export const linkTo = (server: TestServer, other: Partial<Login> = {}): Promise<Link> =>
  mysql.connect(loginTo(server, other), quietly())

export const readOf =
  (link: Link): Read =>
  (statement) =>
    link.query(statement)

export async function rowsOf(link: Link, sql: string, values: readonly Cell[] = []): Promise<Cell[][]> {
  return (await link.query({ sql, values })).rows
}

export const run = (link: Link, sql: string, values: readonly Cell[] = []) => link.run({ sql, values })

/** What the promise was rejected with, classified; fails when it was not. */
export async function failureOf(promise: Promise<unknown>) {
  const error = await promise.then(
    () => new Error('It did not fail.'),
    (thrown: unknown) => thrown,
  )
  return mysql.classify(error)
}

/** The phases of one attempt, as far as it comes. */
export async function phasesOf(login: Login) {
  const phases: ConnectPhase[] = []
  const link = mysql.connect(login, quietly({ onPhase: (phase) => phases.push(phase) }))
  await link.then(
    (open) => open.end(),
    () => undefined,
  )
  return phases
}

export const listening = (listener: Server) =>
  new Promise<number>((resolve) =>
    listener.listen(0, '127.0.0.1', () => resolve((listener.address() as { port: number }).port)),
  )

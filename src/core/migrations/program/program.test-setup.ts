// What the tests of this folder share: a folder of migrations, the real child process, and sinks over real drivers.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import knexModule, { type Knex } from 'knex'
import { onTestFinished } from 'vitest'
import type { Host } from '../../host.ts'
import { createHeadlessHost } from '../../../headless/host.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import { checksumOf } from '../folder/checksum.ts'
import type { Programs, Sink, SinkAnswer, StepFile, StepStatement } from '../step.ts'
import { openPrograms, type ProgramsOptions } from './programs.ts'

export const never = new AbortController().signal

/** A real path, removed when the test is over. */
export function makeFolder(files: Record<string, string> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'roster-program-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

export function stepFile(name: string, ...texts: string[]): StepFile {
  const isSql = name.endsWith('.sql')
  const names = isSql ? [name, name.replace(/\.up\.sql$/, '.down.sql')] : [name]
  return {
    name,
    key: name.replace(/(\.up)?\.\w+$/, ''),
    kind: isSql ? 'sql' : 'module',
    files: texts.map((text, index) => ({ name: names[index] ?? name, text })),
    checksum: checksumOf(texts),
    summary: '',
  }
}

export interface WatchedHost extends Host {
  /** Ids of the processes that were started. */
  pids: number[]
}

/** Its processes end with the test. */
export function makeHost(): WatchedHost {
  const host = createHeadlessHost({ version: 'test', dataFolder: makeFolder() })
  onTestFinished(() => host.endChildren())
  const pids: number[] = []
  return {
    ...host,
    pids,
    spawn(entry) {
      const process = host.spawn(entry)
      if (process.pid !== undefined) pids.push(process.pid)
      return process
    },
  }
}

/** Programs of a folder with one file in it, and that file's step. */
export function oneStep(
  name: string,
  text: string,
  options: Partial<ProgramsOptions> & { more?: Record<string, string> } = {},
): { programs: Programs; step: StepFile; host: WatchedHost; folder: string } {
  const host = makeHost()
  const folder = makeFolder({ ...options.more, [name]: text })
  const step = stepFile(name, text)
  const programs = openPrograms({ host, dialect: 'sqlite', path: folder, files: [step], ...options })
  onTestFinished(() => programs.close())
  return { programs, step, host, folder }
}

export interface DriverSink extends Sink {
  sent: StepStatement[]
  knex: Knex
  /** The one that statements are sent on. */
  connection: unknown
}

/** Sends to a real driver, on one connection, and answers with the driver's own response. */
export async function driverSink(config: Knex.Config): Promise<DriverSink> {
  const knex = knexModule({ ...config, pool: { min: 1, max: 1 } })
  const client = knex.client as {
    acquireConnection(): Promise<unknown>
    releaseConnection(connection: unknown): Promise<void>
    _query(connection: unknown, query: unknown): Promise<unknown>
  }
  const connection = await client.acquireConnection()
  onTestFinished(async () => {
    await client.releaseConnection(connection)
    await knex.destroy()
  })
  const sent: StepStatement[] = []
  return {
    sent,
    knex,
    connection,
    async send(statement) {
      sent.push(statement)
      const query: { sql: string; bindings: unknown[]; response?: unknown; context?: unknown } = {
        sql: statement.sql,
        bindings: [...statement.bindings],
      }
      await client._query(connection, query)
      return { kind: 'response', response: query.response, context: query.context }
    },
  }
}

export const sqliteConfig = (file: string): Knex.Config => ({
  client: 'better-sqlite3',
  connection: { filename: file },
  useNullAsDefault: true,
})

export const sqliteSink = (file = ':memory:') => driverSink(sqliteConfig(file))

/** Answers as `answer` says, which gets the number of the statement. */
export function recorder(
  answer: (statement: StepStatement, number: number) => SinkAnswer | Promise<SinkAnswer> = () => ({ kind: 'withheld' }),
): Sink & { sent: string[] } {
  const sent: string[] = []
  return {
    sent,
    send(statement) {
      sent.push(statement.sql)
      return Promise.resolve(answer(statement, sent.length - 1))
    },
  }
}

export const serverConfig = (
  dialect: Dialect,
  at: { host: string; port: number; user: string; password: string },
  database: string,
): Knex.Config => ({
  client: dialect === 'postgres' ? 'pg' : 'mysql2',
  connection: { host: at.host, port: at.port, user: at.user, password: at.password, database },
})

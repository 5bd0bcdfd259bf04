// What the tests of runs share: steps that send fixed statements, over a real database of each engine.
import { createHash } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { TestServer } from '../../../../scripts/servers/server.ts'
import { createHeadlessHost } from '../../../headless/host.ts'
import type { Place } from '../../../shared/reaching.ts'
import type { Direction } from '../../../shared/migration-steps.ts'
import type { MigrationAction, MigrationEvent } from '../../../shared/migration-runs.ts'
import type { Database } from '../../db/database.ts'
import { openServerDatabase } from '../../db/server/server-database.ts'
import { serverDialects } from '../../db/server/server-dialects.ts'
import { openSqlite } from '../../db/sqlite/connect.ts'
import type { HostProcess } from '../../host.ts'
import { keyOf } from '../folder/step-name.ts'
import type { Project } from '../project.ts'
import { readState } from '../state.ts'
import type { Sink, StepFile, StepProgram } from '../step.ts'
import type { OnBoundary } from './boundary.ts'
import { openJournal } from './open-journal.ts'
import { runMigrations } from './run.ts'

export const never = new AbortController().signal

export type Work = (sink: Sink, options: { isInTransaction: boolean; signal: AbortSignal }) => Promise<void>

export interface TestStep {
  name: string
  up: Work
  down: Work | null
  wantsTransaction: boolean
  /** Counts as the file's text. */
  text: string
}

/** Statements in order, each with what is bound to it. */
export function sends(...statements: (string | [sql: string, ...bindings: unknown[]])[]): Work {
  return async (sink) => {
    for (const one of statements) {
      const [sql, ...bindings] = typeof one === 'string' ? [one] : one
      await sink.send({ sql, bindings })
    }
  }
}

export function step(name: string, up: Work, down: Work | null = sends(), more: Partial<TestStep> = {}): TestStep {
  return { name, up, down, wantsTransaction: true, text: name, ...more }
}

/** `down` drops it. */
export const makes = (name: string, table: string, more: Partial<TestStep> = {}) =>
  step(name, sends(`create table ${table} (id int)`), sends(`drop table ${table}`), more)

export interface Scene {
  database: Database
  folder: string
  processes: HostProcess[]
  /** Of the test's own, with the journal in tables unless told. */
  project(steps: readonly TestStep[], where?: 'table' | 'file'): Project
  /** What another program asks, in text. */
  other(sql: string): Promise<unknown[][]>
  end(): Promise<void>
}

export async function scene(server: TestServer | null = null, through: { port?: number } = {}): Promise<Scene> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'roster-run-')))
  const host = createHeadlessHost({ version: 'test', dataFolder: folder })
  const processes: HostProcess[] = []
  const spawn: typeof host.spawn = (entry) => {
    const started = host.spawn(entry)
    processes.push(started)
    return started
  }
  const file = join(folder, 'test.db')
  if (server) await empty(server)
  const database = server
    ? databaseOn({ ...server, ...through })
    : openSqlite({ ...host, spawn }, { file, create: true })
  return {
    database,
    folder,
    processes,
    project: (steps, where = 'table') => projectOf(database, folder, steps, where),
    async other(sql) {
      if (server) return server.admin(sql, server.database)
      const open = new Sqlite(file)
      try {
        const statement = sql.includes(';') ? null : open.prepare(sql)
        if (statement?.reader) return statement.raw().all() as unknown[][]
        open.exec(sql)
        return []
      } finally {
        open.close()
      }
    },
    async end() {
      await database.close()
      host.endChildren()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** `nodes`: the others of a cluster. */
export function databaseOn(
  server: Pick<TestServer, 'kind' | 'host' | 'port' | 'user' | 'password' | 'database'>,
  nodes: readonly Place[] = [],
): Database {
  const { kind, host, port, user, password, database } = server
  const at = { host, port, user, password, database, nodes }
  const login = () => Promise.resolve({ ...at, tls: 'off' as const, isReadOnly: false })
  return openServerDatabase({
    dialect: serverDialects[kind],
    login,
    schemaLogin: login,
    poolSize: { limit: 4, from: { kind: 'explicit' } },
    whenUsable: () => Promise.resolve(),
    log: () => undefined,
  })
}

export async function empty(server: TestServer): Promise<void> {
  if (server.kind === 'postgres') {
    await server.admin('drop schema public cascade; create schema public', server.database)
    return
  }
  const names = 'select table_name from information_schema.tables where table_schema = database()'
  const drops = (await server.admin(names, server.database)).map(([name]) => `drop table \`${name ?? ''}\``)
  await server.admin(['set foreign_key_checks = 0', ...drops].join('; '), server.database)
}

export function projectOf(
  database: Database,
  folder: string,
  steps: readonly TestStep[],
  where: 'table' | 'file',
): Project {
  const files = steps.map((one): StepFile => ({
    name: one.name,
    key: keyOf(one.name),
    kind: 'module',
    files: [{ name: one.name, text: one.text }],
    checksum: createHash('sha256').update(one.text).digest('hex'),
    summary: one.name,
  }))
  return {
    profileId: 'test',
    database,
    folder: { path: null, trust: 'built-in', content: '', files: [], problem: null },
    files,
    journal: openJournal({ database, where, folder: join(folder, 'journal'), profileId: 'test' }),
    openPrograms: () => ({
      load(file) {
        const found = steps.find(({ name }) => name === file.name)
        return found ? Promise.resolve(programOf(found)) : Promise.reject(new Error(`There is no ${file.name}.`))
      },
      close: () => Promise.resolve(),
    }),
    person: 'ada@test',
    log: () => undefined,
  }
}

function programOf({ up, down, wantsTransaction }: TestStep): StepProgram {
  return {
    wantsTransaction,
    hasDown: down !== null,
    async run(direction: Direction, sink, options) {
      await (direction === 'up' ? up : (down ?? sends()))(sink, options)
    },
  }
}

export interface Ran extends Extract<MigrationEvent, { kind: 'finished' }> {
  events: MigrationEvent[]
}

export async function run(
  project: Project,
  action: MigrationAction | 'all' | 'next' | 'rollback',
  options: { onEvent?: (event: MigrationEvent) => void; signal?: AbortSignal; onBoundary?: OnBoundary } = {},
): Promise<Ran> {
  const { onEvent, signal = never, onBoundary } = options
  const events: MigrationEvent[] = []
  const asked = typeof action === 'string' ? { kind: action } : action
  for await (const event of runMigrations({ project, action: asked, signal, ...(onBoundary && { onBoundary }) })) {
    events.push(event)
    onEvent?.(event)
  }
  const last = events.at(-1)
  if (last?.kind !== 'finished') throw new Error('The run did not end with `finished`.')
  return { events, ...last }
}

export const stateOf = (project: Project) => readState(project, never)

/** "name state batch" of every step. */
export const statesOf = async (project: Project) =>
  (await stateOf(project)).steps.map(({ name, state, batch }) => `${name} ${state} ${batch ?? '-'}`)

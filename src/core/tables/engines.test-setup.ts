// The engines that the tests of this folder run on: a real SQLite file, and real servers, each behind a real core.
import BetterSqlite3 from 'better-sqlite3'
import { createRouterClient } from '@orpc/server'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import type { input } from 'zod'
import { describeWithMariadb, describeWithPostgres } from '../../../scripts/servers/missing.ts'
import type { TestServer } from '../../../scripts/servers/server.ts'
import { createHeadlessHost } from '../../headless/host.ts'
import type { Api } from '../../shared/contract.ts'
import type { Dialect, profileSettings } from '../../shared/profiles.ts'
import type { Place } from '../../shared/reaching.ts'
import { createCore, type Core } from '../core.ts'
import type { Database } from '../db/database.ts'
import type { Host } from '../host.ts'
import { router } from '../router.ts'

export interface Opened {
  api: Api
  core: Core
  profileId: string
  /** What the server calls the database; of a file, its path. */
  name: string
  database: Database
  /** How another Roster reaches the same database. */
  reachable: { settings: input<typeof profileSettings>; password: string | null }
  /** Runs SQL as another program would; the rows of the last statement, as text. */
  sql(text: string): Promise<(string | null)[][]>
  /** Another profile of the same database, open under another login. Not for a file. */
  openAs(user: string, password: string): Promise<string>
  close(): Promise<void>
}

export interface OpenOptions {
  isReadOnly?: boolean
  /** Where the server is reached, when not directly: a proxy in front of it. */
  through?: { host: string; port: number }
  /** Further nodes of a cluster. */
  nodes?: readonly Place[]
  /** SQLite: a copy of this file rather than an empty one. */
  from?: string
  /** PostgreSQL: what the database stores its text in; UTF8 unless told. */
  encoding?: string
  /** What stands between core and its host: processes that are lost. */
  host?: (host: Host) => Host
}

export interface Engine {
  dialect: Dialect
  /** What differs from engine to engine. */
  pick<T>(each: Record<Dialect, T>): T
  /** A database of its own, which `setup` fills. */
  open(setup: string, options?: OpenOptions): Promise<Opened>
  /** Null for SQLite. */
  server: (() => TestServer) | null
}

/** The same tests on SQLite, PostgreSQL and MariaDB. `own`: the servers are the test's own to stop and kill. */
export function describeOnEachEngine(
  name: string,
  tests: (engine: Engine) => void,
  needs: { own?: boolean; settings?: Partial<Record<Dialect, Record<string, string>>> } = {},
): void {
  describe(`${name} (SQLite)`, () =>
    tests({ dialect: 'sqlite', server: null, open: openFile, pick: (all) => all.sqlite }))
  const needsOf = (dialect: Dialect) => {
    const settings = needs.settings?.[dialect]
    return { ...(needs.own && { own: true }), ...(settings && { settings }) }
  }
  describeWithPostgres(`${name} (PostgreSQL)`, (server) => tests(onServer('postgres', server)), needsOf('postgres'))
  describeWithMariadb(`${name} (MariaDB)`, (server) => tests(onServer('mysql', server)), needsOf('mysql'))
}

async function coreIn(folder: string, change: (host: Host) => Host = (host) => host) {
  const host = createHeadlessHost({ version: 'test', dataFolder: join(folder, 'data'), roots: [folder] })
  const core = await createCore(change(host))
  const api: Api = createRouterClient(router, { context: { core } })
  return { core, api }
}

export async function openFile(setup: string, { isReadOnly = false, host, from }: OpenOptions = {}): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'roster-tables-'))
  const file = join(folder, 'test.db')
  if (from !== undefined) copyFileSync(from, file)
  const other = new BetterSqlite3(file)
  other.exec(setup)
  const { core, api } = await coreIn(folder, host)
  const settings = { dialect: 'sqlite' as const, name: 'test', file, isReadOnly }
  const { id } = await api.profiles.create({ settings })
  return {
    api,
    core,
    profileId: id,
    name: file,
    database: core.databases.of(id),
    reachable: { settings, password: null },
    sql: (text) => Promise.resolve(runInFile(other, text)),
    openAs: () => Promise.reject(new Error('A file has no logins.')),
    async close() {
      other.close()
      await core.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function runInFile(file: BetterSqlite3.Database, text: string): (string | null)[][] {
  if (!/^\s*(select|with|pragma)/i.test(text)) {
    file.exec(text)
    return []
  }
  const rows = file.prepare(text).raw().safeIntegers().all() as (null | string | number | bigint)[][]
  return rows.map((row) => row.map((cell) => (cell === null ? null : String(cell))))
}

/** Waits until the profile of a server is open; throws when it will not be. */
export async function untilOpen(core: Core, profileId: string): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    const { state } = core.databases.connection(profileId)
    if (state.state === 'open') return
    if (state.state !== 'waiting') throw new Error(`The profile is ${state.state}: ${JSON.stringify(state)}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('The profile did not open within 10 s.')
}

let count = 0

export function onServer(dialect: 'postgres' | 'mysql', server: () => TestServer): Engine {
  return {
    dialect,
    server,
    pick: (all) => all[dialect],
    async open(setup, { isReadOnly = false, through, nodes = [], host: change, encoding } = {}) {
      count += 1
      const name = `tables_${process.pid}_${count}`
      const stored = encoding === undefined ? '' : ` template template0 encoding '${encoding}' locale 'C'`
      await server().admin(`create database ${name}${stored}`)
      const sql = (text: string) => server().admin(text, name)
      await sql(setup)
      const folder = mkdtempSync(join(tmpdir(), 'roster-tables-'))
      const { core, api } = await coreIn(folder, change)
      const { user, password } = server()
      const { host, port } = through ?? server()
      const at = { dialect, name, host, port, database: name, user, secret: { kind: 'ask' as const }, isReadOnly }
      const settings = { ...at, ...(nodes.length > 0 && { nodes: [...nodes] }) }
      const { id } = await api.profiles.create({ settings, password })
      await api.connections.open({ profileId: id })
      await untilOpen(core, id)
      return {
        api,
        core,
        profileId: id,
        name,
        database: core.databases.of(id),
        reachable: { settings, password },
        sql,
        async openAs(other, secret) {
          const made = await api.profiles.create({ settings: { ...settings, user: other }, password: secret })
          await api.connections.open({ profileId: made.id })
          await untilOpen(core, made.id)
          return made.id
        },
        async close() {
          await core.close()
          rmSync(folder, { recursive: true, force: true })
        },
      }
    },
  }
}

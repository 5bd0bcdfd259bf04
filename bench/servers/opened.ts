// A server with a database of demo users in it, open in Roster as a profile, for the measurements.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import type { TestServer } from '../../scripts/servers/server.ts'
import { createCore } from '../../src/core/core.ts'
import type { Database, TableShape } from '../../src/core/db/database.ts'
import type { Login } from '../../src/core/db/server/link.ts'
import type { SqlDialect } from '../../src/core/db/sql-dialect.ts'
import { inTransaction } from '../../src/core/db/transaction.ts'
import { router } from '../../src/core/router.ts'
import { rememberedSaves } from '../../src/core/tables/remembered-saves.ts'
import type { SaveScope } from '../../src/core/tables/save.ts'
import { sqlDialects } from '../../src/core/db/sql-dialects.ts'
import { DEMO_COLUMNS, demoRows, NUMBERS, type DemoWriting } from '../../src/core/users/demo-users.ts'
import { createHeadlessHost } from '../../src/headless/host.ts'

const never = new AbortController().signal
const AT_ONCE = 10_000
export const WRITING: Record<TestServer['kind'], DemoWriting> = { postgres: { yes: 't', no: 'f' }, mysql: NUMBERS }

export interface Opened {
  /** Name of the database on the server. */
  name: string
  database: Database
  dialect: SqlDialect
  /** Of auth_user. */
  shape: TableShape
  scope: SaveScope
  login: Login
  close(): Promise<void>
}

/** Makes the tables auth_user (as Roster migrates it, with `users` rows) and bench_bulk (the same, empty). */
export async function openWithUsers(server: TestServer, users: number): Promise<Opened> {
  const name = `bench_${process.pid}`
  await server.admin(`create database ${name}`)
  const folder = mkdtempSync(join(tmpdir(), 'roster-bench-'))
  const core = await createCore(createHeadlessHost({ version: 'bench', dataFolder: folder }))
  const api = createRouterClient(router, { context: { core } })
  const { kind, host, port, user, password } = server
  const { id } = await api.profiles.create({
    settings: { dialect: kind, name, host, port, database: name, user, secret: { kind: 'ask' } },
    password,
  })
  await api.connections.open({ profileId: id })
  while (core.databases.connection(id).state.state === 'waiting') await new Promise((done) => setTimeout(done, 10))
  const database = core.databases.of(id)
  for await (const event of await api.migrations.run({ profileId: id, action: { kind: 'all' } })) {
    if (event.kind === 'finished' && event.outcome !== 'done') throw new Error(event.message)
  }
  await inTransaction(database, never, async (session) => {
    for (let from = 0; from < users; from += AT_ONCE) {
      const rows = demoRows(from, Math.min(from + AT_ONCE, users), WRITING[kind])
      await session.bulk('auth_user', DEMO_COLUMNS, rows)
    }
  })
  const like = kind === 'postgres' ? '(like auth_user including all)' : 'like auth_user'
  await server.admin(`create table bench_bulk ${like}`, name)
  await server.admin(kind === 'postgres' ? 'vacuum analyze auth_user' : 'analyze table auth_user', name)
  const shape = await database.describe('auth_user', never)
  if (!shape) throw new Error('There is no table auth_user.')
  const dialect = sqlDialects[kind]
  return {
    ...{ name, database, dialect, shape },
    scope: { database, dialect, shape, remembered: rememberedSaves(core), address: id },
    login: { host, port, database: name, user, password, tls: 'off', isReadOnly: false },
    async close() {
      await core.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

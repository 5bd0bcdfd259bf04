// A SQLite file with a table of demo users, open in Roster as a profile, for the measurements.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import BetterSqlite3 from 'better-sqlite3'
import { createCore } from '../../src/core/core.ts'
import { sqlDialects } from '../../src/core/db/sql-dialects.ts'
import { inTransaction } from '../../src/core/db/transaction.ts'
import { router } from '../../src/core/router.ts'
import { rememberedSaves } from '../../src/core/tables/remembered-saves.ts'
import type { SaveScope } from '../../src/core/tables/save.ts'
import { DEMO_COLUMNS, demoRows } from '../../src/core/users/demo-users.ts'
import { createHeadlessHost } from '../../src/headless/host.ts'
import type { Api } from '../../src/shared/contract.ts'

const never = new AbortController().signal

export interface OpenedFile {
  file: string
  api: Api
  profileId: string
  scope: SaveScope
  close(): Promise<void>
}

/** Makes the table auth_user as Roster migrates it, with `users` rows. */
export async function openFileWithUsers(users: number): Promise<OpenedFile> {
  const folder = mkdtempSync(join(tmpdir(), 'roster-bench-'))
  const file = join(folder, 'users.db')
  new BetterSqlite3(file).pragma('journal_mode = wal')
  const core = await createCore(
    createHeadlessHost({ version: 'bench', dataFolder: join(folder, 'data'), roots: [folder] }),
  )
  const api: Api = createRouterClient(router, { context: { core } })
  const { id } = await api.profiles.addFile({ path: file })
  const database = core.databases.of(id)
  for await (const event of await api.migrations.run({ profileId: id, action: { kind: 'all' } })) {
    if (event.kind === 'finished' && event.outcome !== 'done') throw new Error(event.message)
  }
  await inTransaction(database, never, (session) => session.bulk('auth_user', DEMO_COLUMNS, demoRows(0, users)))
  const shape = await database.describe('auth_user', never)
  if (!shape) throw new Error('There is no table auth_user.')
  return {
    ...{ file, api, profileId: id },
    scope: { database, dialect: sqlDialects.sqlite, shape, remembered: rememberedSaves(core), address: id },
    async close() {
      await core.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

// A real SQLite file behind a real core, for the tests of this folder.
import BetterSqlite3 from 'better-sqlite3'
import { createRouterClient } from '@orpc/server'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHeadlessHost } from '../../headless/host.ts'
import type { Api } from '../../shared/contract.ts'
import { createCore } from '../core.ts'
import { router } from '../router.ts'

export interface TestDatabase {
  api: Api
  profileId: string
  file: string
  /** A second connection, as another program would have. */
  other: BetterSqlite3.Database
  close(): Promise<void>
}

/** Opens a file that `make` fills (or that it copies into place), and a client of the whole router. */
export async function testDatabase(make: (file: string) => void): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'roster-tables-'))
  const file = join(folder, 'test.db')
  make(file)
  const core = await createCore(
    createHeadlessHost({ version: 'test', dataFolder: join(folder, 'data'), roots: [folder] }),
  )
  const api: Api = createRouterClient(router, { context: { core } })
  const profile = await api.profiles.addFile({ path: file })
  const other = new BetterSqlite3(file)
  return {
    api,
    file,
    other,
    profileId: profile.id,
    async close() {
      other.close()
      await core.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function withSql(sql: string): (file: string) => void {
  return (file) => {
    const database = new BetterSqlite3(file)
    database.exec(sql)
    database.close()
  }
}

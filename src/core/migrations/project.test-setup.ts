// What the tests of this folder share: a real database of each engine, and the migrations of a profile over it.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { TestServer } from '../../../scripts/servers/server.ts'
import { createHeadlessHost } from '../../headless/host.ts'
import { profile, type Profile } from '../../shared/profiles.ts'
import type { Database } from '../db/database.ts'
import { openServerDatabase } from '../db/server/server-database.ts'
import { serverDialects } from '../db/server/server-dialects.ts'
import { openSqlite } from '../db/sqlite/connect.ts'
import { openTrust } from './folder/trust.ts'
import { openProject, type ProjectCore } from './project.ts'

export const never = new AbortController().signal

export interface TestProject {
  /** For files of the test; removed with it. */
  folder: string
  database: Database
  /** Statements of another program, in order. */
  elsewhere(...statements: string[]): Promise<void>
  /** The profile as it is now, with other settings where some are given. */
  project(settings?: Partial<Pick<Profile, 'migrationsFolder' | 'migrationJournal'>>): ReturnType<typeof openProject>
  core: ProjectCore
  end(): Promise<void>
}

const temporary = () => realpathSync(mkdtempSync(join(tmpdir(), 'roster-project-')))

/** `server`: the database is emptied first, and opened by its own login unless told. Without one, a SQLite file of its own. */
export async function testProject(
  server: TestServer | null = null,
  open: (server: TestServer) => Database = onServer,
): Promise<TestProject> {
  const folder = temporary()
  const host = createHeadlessHost({ version: 'test', dataFolder: join(folder, 'data'), roots: [folder] })
  const file = join(folder, 'test.db')
  if (server) await empty(server)
  else new Sqlite(file).exec('vacuum').close()
  const database = server ? open(server) : openSqlite(host, { file, create: false, readOnly: false })
  const base = server
    ? { dialect: server.kind, host: 'localhost', port: 1, database: 'test', user: 'test', secret: { kind: 'none' } }
    : { dialect: 'sqlite', file }
  let now = profile.parse({ ...base, id: 'test', name: 'Test', isSample: false })
  const core: ProjectCore = {
    host,
    trust: openTrust(host),
    profiles: { get: () => now },
    databases: { of: () => database },
  }
  return {
    folder,
    database,
    core,
    async elsewhere(...statements) {
      if (server) for (const sql of statements) await server.admin(sql, server.database)
      else inFile(file, (other) => other.exec(statements.join(';\n')))
    },
    project(settings = {}) {
      now = { ...now, ...settings }
      return openProject(core, 'test', never)
    },
    async end() {
      await database.close()
      host.endChildren()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function inFile(file: string, work: (database: Sqlite.Database) => void): void {
  const database = new Sqlite(file)
  try {
    work(database)
  } finally {
    database.close()
  }
}

export function onServer({
  kind,
  host,
  port,
  user,
  password,
  database,
}: Pick<TestServer, 'kind' | 'host' | 'port' | 'user' | 'password' | 'database'>): Database {
  const login = () => Promise.resolve({ host, port, user, password, database, tls: 'off' as const, isReadOnly: false })
  return openServerDatabase({
    dialect: serverDialects[kind],
    login,
    schemaLogin: login,
    poolSize: { limit: 4, from: { kind: 'explicit' } },
    whenUsable: () => Promise.resolve(),
    log: () => undefined,
  })
}

async function empty(server: TestServer): Promise<void> {
  const { kind, database } = server
  if (kind === 'postgres') {
    await server.admin(
      'drop schema public cascade; create schema public; grant usage on schema public to public',
      database,
    )
    return
  }
  const names = 'select table_name, table_type from information_schema.tables where table_schema = database()'
  const drops = (await server.admin(names, database)).map(
    ([name, type]) => `drop ${type === 'VIEW' ? 'view' : 'table'} \`${name ?? ''}\``,
  )
  await server.admin(['set foreign_key_checks = 0', ...drops].join('; '), database)
}

/** Writes files into a folder of the test, and answers with the folder. */
export function filesIn(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

// One core with several real databases, which tests compare with each other.
import { createRouterClient } from '@orpc/server'
import BetterSqlite3 from 'better-sqlite3'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestServer } from '../../../scripts/servers/server.ts'
import { createHeadlessHost } from '../../headless/host.ts'
import type { Cell } from '../../shared/cell.ts'
import type { ComparedTable, Comparison } from '../../shared/compare.ts'
import type { Api } from '../../shared/contract.ts'
import { createCore, type Core } from '../core.ts'
import { router } from '../router.ts'

export const fixtures = join(import.meta.dirname, '../../../e2e/fixtures')

export interface Compared extends ComparedTable {
  /** Of a file; '' for a server. */
  path: string
  /** Runs SQL as another program would; the rows of the last statement, as text. */
  sql(text: string): Promise<(string | null)[][]>
}

export class Bench {
  readonly core: Core
  readonly api: Api
  readonly #folder: string
  readonly #files: BetterSqlite3.Database[] = []
  #count = 0

  private constructor(core: Core, folder: string) {
    this.core = core
    this.api = createRouterClient(router, { context: { core } })
    this.#folder = folder
  }

  static async start(): Promise<Bench> {
    const folder = mkdtempSync(join(tmpdir(), 'roster-compare-'))
    const host = createHeadlessHost({ version: 'test', dataFolder: join(folder, 'data'), roots: [folder] })
    return new Bench(await createCore(host), folder)
  }

  /** `from`: a fixture that is copied; else an empty file. Its profile has the name. */
  async file(name: string, { from, setup = '' }: { from?: string; setup?: string }): Promise<Compared> {
    const file = join(this.#folder, `${name}.db`)
    if (from) copyFileSync(join(fixtures, from), file)
    const other = new BetterSqlite3(file)
    this.#files.push(other)
    other.exec(setup)
    const settings = { dialect: 'sqlite' as const, name, file, isReadOnly: false }
    const { id } = await this.api.profiles.create({ settings })
    return { profileId: id, table: 'auth_user', path: file, sql: (text) => Promise.resolve(run(other, text)) }
  }

  async server(name: string, server: TestServer, setup: string): Promise<Compared> {
    this.#count += 1
    const database = `compare_${process.pid}_${this.#count}_${name}`
    await server.admin(`create database ${database}${server.kind === 'mysql' ? ' character set utf8mb4' : ''}`)
    const sql = (text: string) => server.admin(text, database)
    await sql(setup)
    const { host, port, user, password, kind: dialect } = server
    const at = { dialect, name, host, port, database, user, secret: { kind: 'ask' as const }, isReadOnly: false }
    const { id } = await this.api.profiles.create({ settings: at, password })
    await this.api.connections.open({ profileId: id })
    while (this.core.databases.connection(id).state.state !== 'open') {
      if (this.core.databases.connection(id).state.state !== 'waiting') throw new Error(`${name} cannot be opened.`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return { profileId: id, table: 'auth_user', path: '', sql }
  }

  /** All states of a comparison, and what it listed, asked for while the stream was open. */
  async compare(left: ComparedTable, right: ComparedTable) {
    const id = crypto.randomUUID()
    const states: Comparison[] = []
    const pairs = async (kind: 'differs' | 'onlyLeft' | 'onlyRight') =>
      (await this.api.compare.pairs({ id, kind, from: 0, limit: 1000 })).pairs
    for await (const state of await this.api.compare.rows({ left: at(left), right: at(right), id })) {
      states.push(state)
      if (!state.isDone) continue
      const [differs, onlyLeft, onlyRight] = await Promise.all([
        pairs('differs'),
        pairs('onlyLeft'),
        pairs('onlyRight'),
      ])
      return { id, states, last: state, differs, onlyLeft, onlyRight }
    }
    throw new Error('The comparison ended without being done.')
  }

  copy(from: ComparedTable, to: ComparedTable, keys: Cell[][], options: { withPasswords?: boolean } = {}) {
    const { withPasswords = false } = options
    return this.api.compare.copy({ from: at(from), to: at(to), keys, columns: null, withPasswords })
  }

  async end(): Promise<void> {
    for (const file of this.#files) file.close()
    await this.core.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

export const at = ({ profileId, table }: ComparedTable): ComparedTable => ({ profileId, table })

function run(file: BetterSqlite3.Database, text: string): (string | null)[][] {
  if (!/^\s*(select|with|pragma)/i.test(text)) {
    file.exec(text)
    return []
  }
  const rows = file.prepare(text).raw().safeIntegers().all() as (null | string | number | bigint)[][]
  return rows.map((row) => row.map((cell) => (cell === null ? null : String(cell))))
}

/** A row as its writer reads it. */
export interface Expected {
  id: string
  email: string
  password: string | null
  active: boolean | null
  fs_uniquifier: string | null
  confirmed_at: string | null
}

export function expectedRows(name: string): Expected[] {
  const text = readFileSync(join(fixtures, `${name}.expected.jsonl`), 'utf8').trim()
  return text.split('\n').map((line) => JSON.parse(line) as Expected)
}

/** The table of the fixture `sqlalchemy-postgresql`, without its dump's COPY. */
export function sqlalchemyOnPostgres(): string {
  const text = (value: string | null) =>
    value === null
      ? 'null'
      : `E'${value.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}'`
  const rows = expectedRows('sqlalchemy-postgresql').map(
    ({ id, email, password, active, fs_uniquifier, confirmed_at }) =>
      `(${id}, ${text(email)}, ${text(password)}, ${String(active)}, ${text(fs_uniquifier)}, ${text(confirmed_at)})`,
  )
  return `${SQLALCHEMY_POSTGRES}; insert into auth_user values ${rows.join(', ')};
    select setval('auth_user_id_seq', (select max(id) from auth_user))`
}

export const SQLALCHEMY_POSTGRES = `create table auth_user (id serial not null, email varchar(255) not null,
  password varchar(255), active boolean, fs_uniquifier varchar(64), confirmed_at timestamp without time zone,
  primary key (id), unique (email), unique (fs_uniquifier))`

/** The dump as it is, but for MariaDB's mark for its own client. */
export function sqlalchemyOnMariadb(): string {
  return readFileSync(join(fixtures, 'sqlalchemy-mariadb.sql'), 'utf8').replace(/^\/\*M!.*\n/, '')
}

/** As PyDAL makes it, whatever the database's own character set is. */
export const PYDAL_MARIADB = `create table auth_user (id int auto_increment not null, email varchar(512) not null unique,
  password varchar(512), active char(1), fs_uniquifier varchar(512) unique, confirmed_at datetime, primary key (id))
  engine=InnoDB character set utf8mb3`

// The journal in tables and in a file: what is written is read back, also after a crash, and nothing of others is taken for it.
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import type { TestServer } from '../../../../scripts/servers/server.ts'
import type { JournalEntry, JournalStatement } from './journal.ts'
import { lookOn } from './lock.ts'
import { makes, never, run, scene, stateOf, type Scene } from './run.test-setup.ts'
import { openSchemaSession, type SchemaSession } from './schema-session.ts'

let at: Scene
let session: SchemaSession
const first = makes('001-first.ts', 'first_table')

const entry: JournalEntry = {
  id: '00000000-0000-4000-8000-000000000001',
  run: '00000000-0000-4000-8000-000000000002',
  step: "002-größer 'n' 🙂.ts",
  direction: 'down',
  outcome: 'running',
  batch: null,
  checksum: 'a'.repeat(64),
  source: JSON.stringify([{ name: 'x', text: 'ü🙂\\ "\'\n\0' }]),
  isAtomic: false,
  statementsDone: 3,
  person: 'Ünal@máquina',
  databaseUser: 'ada',
  session: '1 2',
  startedAt: '2026-11-22T10:00:00.000Z',
  ms: null,
  error: null,
}
const ended: JournalEntry = { ...entry, outcome: 'half', batch: 7, ms: 1234, error: "It’s “over” \\ ' `" }
const statements: JournalStatement[] = [
  { number: 0, sql: "select '?', \\ 'ü'", fingerprint: 'b'.repeat(64), state: 'sent', isRead: true },
  { number: 1, sql: 'x'.repeat(2000), fingerprint: 'c'.repeat(64), state: 'failed', isRead: false },
]

function journal(server: () => TestServer | null, where: 'table' | 'file') {
  beforeEach(async () => {
    at = await scene(server())
    session = await openSchemaSession(at.database, never)
  })
  afterEach(async () => {
    await session.close()
    await at.end()
  })
  const open = () => at.project([first], where).journal

  it('has every part of an entry as it was written, and the last of those with one id', async () => {
    const one = open()
    expect(await one.entries(lookOn(session))).toEqual([])
    expect(await one.statements(lookOn(session), entry.id)).toEqual([])
    await one.prepare(session)
    await one.prepare(session)
    await one.save(session, entry)
    const later = { ...entry, id: '00000000-0000-4000-8000-000000000000', startedAt: '2025-01-01T00:00:00.000Z' }
    await one.save(session, later)
    await one.saveStatement(session, entry.id, { ...(statements[1] as JournalStatement), state: 'sent' })
    for (const statement of statements) await one.saveStatement(session, entry.id, statement)
    const look = lookOn(session)
    expect(await one.entries(look)).toEqual([entry, later])
    await one.save(session, ended)
    // In the order in which they came, not of clocks; and by another who opens it.
    for (const journal of [one, open()]) {
      expect(await journal.entries(look)).toEqual([ended, later])
      expect(await journal.running(look)).toEqual([later])
      expect(await journal.statements(look, entry.id)).toEqual(statements)
      expect(await journal.statements(look, later.id)).toEqual([])
    }
    await session.close()
    const entries = await at.database.schemaLook(never, (outside) => open().entries(outside))
    expect(entries).toEqual([ended, later])
  })

  it(where === 'table' ? 'is part of the transaction around it' : 'is no part of a transaction', async () => {
    const one = open()
    await one.prepare(session)
    await session.begin()
    await one.save(session, entry)
    await session.rollback()
    expect(await one.entries(lookOn(session))).toHaveLength(where === 'table' ? 0 : 1)
  })
}

describe('the journal in a SQLite file', () => {
  journal(() => null, 'table')

  it('refuses a table of another program in words, and lists steps all the same', async () => {
    await at.other('create table roster_migrations (id integer primary key, note text)')
    await session.close()
    const end = await run(at.project([first]), 'all')
    expect(end.message).toMatch(
      /^The run failed: The table roster_migrations is there and was not made by Roster.*it has no column run, step.*journal in a file/,
    )
    expect((await stateOf(at.project([first]))).steps[0]?.state).toBe('pending')
    expect(await run(at.project([first], 'file'), 'all')).toMatchObject({ outcome: 'done' })
  })
})
describeWithPostgres('the journal on PostgreSQL', (server) => journal(server, 'table'))
describeWithMariadb('the journal on MariaDB', (server) => journal(server, 'table'))

describe('the journal in a file', () => {
  journal(() => null, 'file')
  const file = () => join(at.folder, 'journal', 'test.jsonl')

  it('reads what is whole where a crash has torn the end, and goes on behind it', async () => {
    const one = at.project([first], 'file').journal
    await one.prepare(session)
    await one.save(session, entry)
    appendFileSync(file(), '{"entry":{"id":"torn')
    expect(await one.entries(lookOn(session))).toEqual([entry])
    await one.save(session, ended)
    expect(await one.entries(lookOn(session))).toEqual([ended])
    expect(await at.project([first], 'file').journal.entries(lookOn(session))).toEqual([ended])
    expect(readFileSync(file(), 'utf8').endsWith('\n')).toBe(true)
  })

  it('takes nothing that it does not know, and starts anew with a file that is gone', async () => {
    mkdirSync(join(at.folder, 'journal'), { recursive: true })
    writeFileSync(file(), 'no json\n{"entry":{"id":1}}\n{"later":true}\n\n')
    const one = at.project([first], 'file').journal
    expect(await one.entries(lookOn(session))).toEqual([])
    await one.save(session, entry)
    expect(await one.entries(lookOn(session))).toEqual([entry])
    writeFileSync(file(), '')
    expect(await one.entries(lookOn(session))).toEqual([])
  })

  it('makes no table in the database but those of knex', async () => {
    await session.close()
    await run(at.project([first], 'file'), 'all')
    const tables = (await at.database.tables(never)).map(({ name }) => name)
    expect(tables).toEqual(['first_table', 'knex_migrations', 'knex_migrations_lock'])
  })

  it('is asked for the ledger after a crash between COMMIT and its note', async () => {
    await session.close()
    const project = at.project([first, makes('002-more.ts', 'more')], 'file')
    await run(project, 'next')
    // As the process would have left it: the note of the end is missing, and the run is no more.
    const lines = readFileSync(file(), 'utf8').split('\n')
    const last = lines.findLastIndex((line) => line.includes('"done"'))
    const dead = lines.map((line) => line.replace(/"session":"\d+ \S+ \S+@/, '"session":"1 1 x@'))
    writeFileSync(file(), dead.filter((_, index) => index !== last).join('\n'))
    expect((await stateOf(at.project([first], 'file'))).half).toBeNull()
    expect(await run(at.project([first, makes('002-more.ts', 'more')], 'file'), 'all')).toMatchObject({
      outcome: 'done',
    })
    const outcomes = await at.database.schemaLook(never, (look) => at.project([first], 'file').journal.entries(look))
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['done', 'done'])
  })
})

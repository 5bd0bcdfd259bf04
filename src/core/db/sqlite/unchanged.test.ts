// A file that Roster did not make keeps its journal mode, page size and encoding; only SQLite's own counters move.
import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createHeadlessHost } from '../../../headless/host.ts'
import { inTransaction } from '../transaction.ts'
import { makeFile, makeFolder, never, openForTest, readFile, statement } from './sqlite.test-setup.ts'

/** SQLite's "File Format": the change counter, and the pair that says for which counter the page count holds. */
const COUNTERS = [24, 25, 26, 27, 92, 93, 94, 95, 96, 97, 98, 99]

function header(file: string): number[] {
  const bytes = Buffer.alloc(100)
  const descriptor = openSync(file, 'r')
  readSync(descriptor, bytes, 0, 100, 0)
  closeSync(descriptor)
  return [...bytes]
}

const table = "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t (v) VALUES ('old'), ('other');"

test.each([
  ['a rollback journal', '', 'delete', 4096, 'UTF-8'],
  ['a write-ahead log', 'PRAGMA journal_mode = WAL;', 'wal', 4096, 'UTF-8'],
  ['UTF-16', "PRAGMA encoding = 'UTF-16le';", 'delete', 4096, 'UTF-16le'],
  [
    'UTF-16 the other way round, with a log',
    "PRAGMA encoding = 'UTF-16be'; PRAGMA journal_mode = WAL;",
    'wal',
    4096,
    'UTF-16be',
  ],
  ['pages of 1,024 bytes', 'PRAGMA page_size = 1024;', 'delete', 1024, 'UTF-8'],
  [
    'pages of 64 kB and incremental vacuum',
    'PRAGMA page_size = 65536; PRAGMA auto_vacuum = INCREMENTAL;',
    'delete',
    65536,
    'UTF-8',
  ],
  ['an application id', 'PRAGMA application_id = 77; PRAGMA user_version = 5;', 'delete', 4096, 'UTF-8'],
])('%s stays through reading, describing, editing and closing', async (_, pragmas, journalMode, pageSize, encoding) => {
  const folder = makeFolder()
  const file = makeFile(join(folder, 'a.db'), pragmas + table)
  const before = header(file)
  const host = createHeadlessHost({ version: 'test', dataFolder: makeFolder() })

  const reading = openForTest(host, { file })
  expect(await reading.facts()).toMatchObject({
    encoding,
    readOnly: null,
    details: [
      { name: 'Journal', value: journalMode },
      { name: 'Page size', value: `${pageSize} bytes` },
    ],
  })
  await reading.describe('t', never)
  await reading.read(statement('SELECT * FROM t'), never)
  await reading.close()
  expect(header(file), 'looking changes nothing').toEqual(before)

  const writing = openForTest(host, { file })
  await inTransaction(writing, never, (session) => session.run(statement("UPDATE t SET v = 'ñew' WHERE id = 1")))
  await writing.close()
  const after = header(file)
  const changed = after.flatMap((byte, index) => (byte === before[index] ? [] : [index]))
  expect(changed.filter((index) => !COUNTERS.includes(index))).toEqual([])
  // With a write-ahead log the counter stands still.
  if (journalMode === 'delete') expect(changed.length, 'the edit was counted').toBeGreaterThan(0)
  expect(readdirSync(folder), 'nothing is left beside the file').toEqual(['a.db'])
  expect(readFile(file, 'SELECT v FROM t ORDER BY id')).toEqual([['ñew'], ['other']])
})

test('a file that Roster makes has a write-ahead log, and is not made anew the next time', async () => {
  const file = join(makeFolder(), 'new.db')
  const host = createHeadlessHost({ version: 'test', dataFolder: makeFolder() })
  const first = openForTest(host, { file, create: true })
  expect(await first.facts()).toMatchObject({ details: [{ value: 'wal' }, {}], readOnly: null })
  const work = await first.schema(never)
  await work.knex.schema.createTable('t', (made) => made.text('v'))
  await work.close()
  await first.close()
  const second = openForTest(host, { file, create: true })
  expect(await second.tables(never)).toEqual([{ name: 't', kind: 'table' }])
})

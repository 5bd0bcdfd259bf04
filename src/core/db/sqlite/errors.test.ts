// A broken constraint is told by its kind and columns, whatever the table is called; other errors are not constraints.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createHeadlessHost } from '../../../headless/host.ts'
import type { Cell } from '../../../shared/cell.ts'
import { inTransaction } from '../transaction.ts'
import { toRefusal } from './errors.ts'
import { makeFile, makeFolder, never, openForTest, statement } from './sqlite.test-setup.ts'

const schema = `
  CREATE TABLE parent (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, a INT, b INT, n INT CHECK (n > 0), UNIQUE (a, b));
  CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INT REFERENCES parent (id));
  CREATE TABLE "x.y, x.y.z" (id INTEGER PRIMARY KEY, "a, b" TEXT NOT NULL, "c.d" TEXT, UNIQUE ("a, b", "c.d"));
  CREATE TABLE strict (id INTEGER PRIMARY KEY, n INT) STRICT;
  CREATE TABLE other (name TEXT); CREATE UNIQUE INDEX lowered ON other (lower(name)); INSERT INTO other VALUES ('a');
  CREATE TRIGGER no BEFORE DELETE ON parent WHEN old.email = 'kept' BEGIN SELECT RAISE(ABORT, 'This one stays.'); END;
  INSERT INTO parent VALUES (1, 'a', 1, 1, 1), (2, 'kept', NULL, NULL, NULL);
  INSERT INTO child VALUES (1, 1);
  INSERT INTO "x.y, x.y.z" VALUES (1, 'p', 'q');`

const cases: [sql: string, values: Cell[], kind: string, columns: string[]][] = [
  ["INSERT INTO parent (email) VALUES ('a')", [], 'unique', ['email']],
  ["INSERT INTO other VALUES ('A')", [], 'unique', []],
  ['INSERT INTO parent (email, a, b) VALUES (?, 1, 1)', ['b'], 'unique', ['a', 'b']],
  ["INSERT INTO parent (id, email) VALUES (1, 'c')", [], 'unique', ['id']],
  ['INSERT INTO parent (email) VALUES (NULL)', [], 'not-null', ['email']],
  ["INSERT INTO parent (email, n) VALUES ('d', 0)", [], 'check', []],
  ["DELETE FROM parent WHERE email = 'kept'", [], 'check', []],
  ['DELETE FROM parent WHERE id = 1', [], 'foreign-key', []],
  ['INSERT INTO child VALUES (2, 99)', [], 'foreign-key', []],
  ['INSERT INTO "x.y, x.y.z" ("a, b", "c.d") VALUES (\'p\', \'q\')', [], 'unique', ['a, b', 'c.d']],
  ['INSERT INTO "x.y, x.y.z" ("a, b") VALUES (NULL)', [], 'not-null', ['a, b']],
  ["INSERT INTO strict (n) VALUES ('text')", [], 'type', ['n']],
  ["INSERT INTO strict (id) VALUES ('text')", [], 'type', []],
]

test.each(cases)('%s', async (sql, values, kind, columns) => {
  const folder = makeFolder()
  const file = makeFile(join(folder, 'a.db'), schema)
  const database = openForTest(createHeadlessHost({ version: 'test', dataFolder: folder }), { file })
  const error: unknown = await inTransaction(database, never, (session) =>
    session.run(statement(sql, ...values)),
  ).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'QUERY_FAILED' })
  expect(database.constraint(error)).toMatchObject({ kind, columns })
})

test('what is not a constraint is not taken for one', async () => {
  const folder = makeFolder()
  const file = makeFile(join(folder, 'a.db'), schema)
  const database = openForTest(createHeadlessHost({ version: 'test', dataFolder: folder }), { file })
  const error: unknown = await database
    .read(statement('SELECT * FROM absent'), never)
    .catch((reason: unknown) => reason)
  expect(error).toMatchObject({
    code: 'QUERY_FAILED',
    message: 'no such table: absent',
    data: { code: 'SQLITE_ERROR' },
  })
  expect(database.constraint(error)).toBeNull()
  expect(database.constraint(new Error('UNIQUE constraint failed: parent.email'))).toBeNull()
})

test.each([
  ['SQLITE_BUSY_TIMEOUT', 'DATABASE_UNAVAILABLE', 'locked'],
  ['SQLITE_FULL', 'DATABASE_UNAVAILABLE', 'disk-full'],
  ['SQLITE_IOERR_WRITE', 'DATABASE_UNAVAILABLE', 'other'],
  ['SQLITE_CORRUPT_INDEX', 'DATABASE_UNAVAILABLE', 'damaged'],
  ['SQLITE_CANTOPEN_ISDIR', 'DATABASE_UNAVAILABLE', 'not-readable'],
  ['SQLITE_READONLY_DBMOVED', 'READ_ONLY', undefined],
  ['SQLITE_ERROR', 'QUERY_FAILED', undefined],
  ['', 'QUERY_FAILED', undefined],
])('%s is %s', (code, refusal, reason) => {
  const error = toRefusal({ code, message: 'text' }, '/a.db')
  expect(error.code).toBe(refusal)
  expect((error.data as { reason?: string }).reason).toBe(reason)
})

// What is told of a statement: no value that may belong to a secret column, and every other one.
import { describe, expect, it } from 'vitest'
import { hideSecret } from '../redact.ts'
import { toldEntry } from './told-entry.ts'

const HIDDEN = '*hidden*'

function told(sql: string, values: readonly unknown[] = []) {
  const shown = toldEntry({
    number: 0,
    at: 0,
    duration: 1,
    role: 'write',
    sql,
    values,
    rows: 1,
    times: 1,
    error: null,
  })
  return { sql: shown.sql, values: shown.values }
}

describe('values of secret columns are hidden, and others are not', () => {
  it.each<[name: string, sql: string, values: unknown[], shown: string[]]>([
    ['set', 'update t set "email" = ?, "password" = ? where "id" = ?', ['a', 'b', 1n], ["'a'", HIDDEN, '1']],
    ['set on PostgreSQL', 'update t set password = $2, email = $1 where id = $3', ['a', 'b', 1n], ["'a'", HIDDEN, '1']],
    ['guard', 'delete from t where id = ? and `password` is ? and email = ?', [1n, 'b', 'c'], ['1', HIDDEN, "'c'"]],
    ['the other way round', 'select 1 from t where ? = password and id = ?', ['b', 1n], [HIDDEN, '1']],
    ['in a function', 'select 1 from t where lower(password) = lower(?) or id = ?', ['b', 1n], [HIDDEN, '1']],
    ['in a list', 'select 1 from t where id > ? and password in (?, ?)', [1n, 'b', 'c'], ['1', HIDDEN, HIDDEN]],
    ['as a pair', 'select 1 from t where (id, password) = (?, ?)', [1n, 'b'], [HIDDEN, HIDDEN]],
    [
      'as a case',
      'update t set password = case id when ? then ? else ? end, a = ?',
      [1n, 'b', 'c', 2n],
      [HIDDEN, HIDDEN, HIDDEN, '2'],
    ],
    [
      'of a query',
      'update t set password = (select ? from u where v = ?), a = ?',
      ['b', 1n, 2n],
      [HIDDEN, HIDDEN, '2'],
    ],
    ['inserted', 'insert into "t" ("email", "password", "a") values (?, ?, ?)', ['a', 'b', 1n], ["'a'", HIDDEN, '1']],
    [
      'inserted in rows',
      'insert into t (a, password) values (?, ?), (?, ?)',
      ['a', 'b', 'c', 'd'],
      ["'a'", HIDDEN, "'c'", HIDDEN],
    ],
    [
      'inserted through functions',
      'insert into t (a, password, b) values (coalesce(?, ?), upper(?), ?)',
      ['a', 'b', 'c', 'd'],
      ["'a'", "'b'", HIDDEN, "'d'"],
    ],
    ['inserted without names', 'insert into t values (?, ?)', ['a', 'b'], [HIDDEN, HIDDEN]],
    ['inserted by a query', 'insert into t (a, password) select ?, ?', ['a', 'b'], [HIDDEN, HIDDEN]],
    [
      'of a page',
      'select * from (select id, substr(password, 1, 40) from t where email = ? and id > ? limit ?) union all select * from (select id, password from t where email > ? limit ?) limit ?',
      ['a', 1n, 2n, 'b', 3n, 4n],
      ["'a'", '1', '2', "'b'", '3', '4'],
    ],
    ['nowhere', 'update t set a = ? where id = ?', [null, 'NULL'], ['NULL', "'NULL'"]],
  ])('%s', (_, sql, values, shown) => {
    expect(told(sql, values)).toEqual({ sql, values: shown })
  })
})

describe('values in the text of a statement', () => {
  it.each([
    ["update t set password = 'b', email = 'a'", `update t set password = '${HIDDEN}', email = 'a'`],
    [
      "insert into t (email, password) values ('a', 'it''s b')",
      `insert into t (email, password) values ('a', '${HIDDEN}')`,
    ],
    ["create user x identified by 'b'", `create user x identified by '${HIDDEN}'`],
    [
      "alter role x with password 'b' valid until 'c'",
      `alter role x with password '${HIDDEN}' valid until '${HIDDEN}'`,
    ],
    ['update t set password = "b" where id = 1', `update t set password = '${HIDDEN}' where id = 1`],
    ["update t set password = e'a\\'b', x = 'c'", `update t set password = '${HIDDEN}', x = 'c'`],
    ["update t set password = $$it's$$, x = 'c'", `update t set password = '${HIDDEN}', x = 'c'`],
    ["update t set a = 'password', b = 'c' -- password = ?", "update t set a = 'password', b = 'c' -- password = ?"],
  ])('%s', (sql, shown) => expect(told(sql).sql).toBe(shown))
})

it('a password that is known is hidden wherever it stands, also where it is cut', () => {
  hideSecret('known-secret')
  hideSecret("it's known")
  expect(told('select ?, ?', ["it's known", Buffer.from("it's known")]).values).toEqual([`'${HIDDEN}'`, HIDDEN])
  const { sql, values } = told("select 'known-secret', ?", [`${'x'.repeat(94)}known-secret`])
  expect(sql).toBe("select '*hidden*', ?")
  expect(values[0]).not.toContain('known')
})

it('what is long is cut, and NULL, bytes and moments are told apart from texts', () => {
  const { sql, values } = told(`select ${'?, '.repeat(2000)} 1`, ['x'.repeat(500), new Uint8Array([0, 255]), null])
  expect([sql.length, values[0]?.length, ...values.slice(1)]).toEqual([4000, 100, "x'00ff'", 'NULL'])
})

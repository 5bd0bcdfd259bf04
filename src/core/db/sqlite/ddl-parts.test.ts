// What SQLite's own statements hold that no pragma tells, whatever stands in quotes and comments.
import { expect, it } from 'vitest'
import { checksOf, indexParts } from './ddl-parts.ts'

it.each([
  ['CREATE INDEX i ON t (a)', ['a'], null],
  [
    "CREATE INDEX i ON t(a, \"b,c\" DESC , lower(d || ',)')) WHERE a > (1) AND b = ') where '",
    ['a', '"b,c" DESC', "lower(d || ',)')"],
    "a > (1) AND b = ') where '",
  ],
  [
    'CREATE UNIQUE INDEX "i(" ON [t (] ( [a] COLLATE NOCASE, coalesce(b, (c)) )where a is not null;',
    ['[a] COLLATE NOCASE', 'coalesce(b, (c))'],
    'a is not null',
  ],
  ['CREATE INDEX i ON t (a -- , b (\n, c /* ) */)', ['a -- , b (', 'c /* ) */'], null],
])('takes %s apart', (sql, columns, where) => {
  expect(indexParts(sql)).toEqual({ columns, where })
})

it('finds checks of columns and of the table, with their names', () => {
  const sql = `CREATE TABLE "check (" (a INT CHECK (a > 0), b TEXT CONSTRAINT "b's" CHECK (b <> 'CHECK (x)') DEFAULT ')',
    -- CHECK (none)
    "check" INT, c INT DEFAULT (1 + (2)), CONSTRAINT [both of] CHECK (a < (b) /* ) */ AND c), check(c in (1, 2))) STRICT`
  expect(checksOf(sql)).toEqual([
    { name: '', definition: 'CHECK (a > 0)' },
    { name: "b's", definition: `CHECK (b <> 'CHECK (x)')` },
    { name: 'both of', definition: 'CHECK (a < (b) /* ) */ AND c)' },
    { name: '', definition: 'check(c in (1, 2))' },
  ])
})

it('finds nothing where there is nothing', () => {
  expect(checksOf('')).toEqual([])
  expect(indexParts('')).toEqual({ columns: [], where: null })
  expect(checksOf('CREATE TABLE t (')).toEqual([])
})

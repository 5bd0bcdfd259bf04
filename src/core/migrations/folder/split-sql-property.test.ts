// Whatever statements are joined come back as they were, and nothing that is typed makes the splitter hang or fall over.
import Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Dialect } from '../../../shared/profiles.ts'
import { splitSql } from './split-sql.ts'
import { SqlProblem } from './sql-problem.ts'

const runs = Number(process.env.SPLIT_RUNS ?? 2_000)
const seed = 5
const text = fc.string({ unit: fc.constantFrom(...`ab;'"\`$\\[]()-#/* \n;é`), maxLength: 12 })

/** Pieces of statements that stay whole whatever stands beside them. */
function pieces(dialect: Dialect): fc.Arbitrary<string> {
  const doubled = (quote: string) => (inner: string) => quote + inner.replaceAll(quote, quote + quote) + quote
  const escaped = (quote: string) => (inner: string) =>
    quote + inner.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`) + quote
  const comment = (inner: string) => `/*${inner.replace(/[*/!]/g, ' ')}*/`
  const common = [
    fc.constantFrom(
      'select',
      'case',
      'when',
      'end',
      'begin',
      'a1',
      '12.5',
      ',',
      '+',
      '=',
      '<',
      '.',
      ' ',
      '\n',
      '\t',
      'é',
    ),
    text.map(comment),
    text.map((inner) => `-- ${inner.replaceAll('\n', '')}\n`),
  ]
  if (dialect === 'mysql') {
    const quotes = [`'`, '"'].flatMap((quote) => [text.map(escaped(quote))])
    const hash = text.map((inner) => `#${inner.replaceAll('\n', '')}\n`)
    return fc.oneof(
      ...common,
      ...quotes,
      text.map(doubled('`')),
      hash,
      fc.constantFrom('(', ')', '$', '[', '--5', '@x'),
    )
  }
  const quotes = [`'`, '"'].map((quote) => text.map(doubled(quote)))
  if (dialect === 'sqlite') {
    const brackets = text.map((inner) => `[${inner.replaceAll(']', '')}]`)
    return fc.oneof(...common, ...quotes, text.map(doubled('`')), brackets, fc.constantFrom('(', ')', '?1', ':a'))
  }
  const dollar = fc
    .tuple(fc.constantFrom('$$', '$t$'), text)
    .map(([tag, inner]) => tag + inner.replaceAll('$', '') + tag)
  const nested = text.map((inner) => `/* a ${comment(inner)} ; */`)
  // The comma, because a string behind a line break would be a part of it.
  const escape = text.map((inner) => ` E${escaped(`'`)(inner)},`)
  const group = text.map((inner) => `(${doubled(`'`)(inner)};)`)
  return fc.oneof(...common, ...quotes, dollar, nested, escape, group, fc.constantFrom('[', ']', '#', '$1 ', '::'))
}

const statements = (dialect: Dialect) =>
  // What goes between has to be a blank, or two pieces would be another one ("a" and "$$").
  fc.array(
    fc.array(pieces(dialect), { maxLength: 8 }).map((all) => `select ${all.join(' ')} x`),
    { maxLength: 6 },
  )

const between = fc.constantFrom(';', ' ; ', ';\n', ';;', ';-- a;b\n', '; /* ; */ ', '\n;\r\n')

describe.each(['sqlite', 'postgres', 'mysql'] as const)('%s', (dialect) => {
  test('statements that were joined come back, with their lines', () => {
    fc.assert(
      fc.property(statements(dialect), fc.array(between, { minLength: 6, maxLength: 6 }), (all, gaps) => {
        const places: number[] = []
        let joined = ''
        all.forEach((sql, index) => {
          places.push(joined.split('\n').length)
          joined += sql + (gaps[index] ?? ';')
        })
        expect(splitSql(joined, dialect)).toEqual(all.map((sql, index) => ({ sql, line: places[index] })))
      }),
      { numRuns: runs, seed },
    )
  })

  test('any text is split or refused in words that name a line of it', () => {
    const words = fc.constantFrom(
      ...'create|trigger|function|begin|atomic|end|case|copy|from|stdin|delimiter|//|$$'.split('|'),
    )
    const anything = fc.array(fc.oneof(text, words, fc.string()), { maxLength: 30 }).map((all) => all.join(' '))
    fc.assert(
      fc.property(anything, (sql) => {
        try {
          for (const each of splitSql(sql, dialect)) expect(sql).toContain(each.sql)
        } catch (error) {
          if (!(error instanceof SqlProblem)) throw error
          expect(error.line).toBeGreaterThanOrEqual(1)
          expect(error.line).toBeLessThanOrEqual(sql.split('\n').length)
          expect(error.message).toMatch(/^Line \d+: .*\.$/)
        }
      }),
      { numRuns: runs, seed },
    )
  })

  test('what was split once is not split further', () => {
    fc.assert(
      fc.property(statements(dialect), (all) => {
        for (const { sql } of splitSql(all.join(';'), dialect)) {
          expect(splitSql(sql, dialect)).toEqual([{ sql, line: 1 }])
        }
      }),
      { numRuns: runs / 4, seed },
    )
  })
})

test('SQLite itself finds one statement in each', () => {
  const database = new Sqlite(':memory:')
  database.exec('create table a (b, c)')
  const parts = fc.constantFrom(
    `select ';', 'it''s', [a;b], "c;""d" from (select 1 as [a;b], 2 as "c;""d")`,
    `create trigger "t;" after insert on a begin select case when new.b then ';' else 'end;' end; -- end;
     delete from a where b = ';'; end`,
    'create temp trigger u after delete on a when old.b in (1, 2) begin select 1; end',
    `insert into a values (';', x'3b') -- ;
     on conflict do nothing`,
    `with n(i) as (values (1)) select /* ; ' */ i from n`,
    'explain create trigger v after insert on a begin select 1; select 2; end',
  )
  try {
    fc.assert(
      fc.property(
        fc.array(parts, { minLength: 1, maxLength: 8 }),
        fc.array(between, { minLength: 8, maxLength: 8 }),
        (all, gaps) => {
          const joined = all.map((sql, index) => sql + (gaps[index] ?? ';')).join('')
          const split = splitSql(joined, 'sqlite')
          expect(split).toHaveLength(all.length)
          // prepare() takes one statement, and throws for none, half of one, and two.
          for (const { sql } of split) database.prepare(sql)
        },
      ),
      { numRuns: Math.min(runs, 500), seed },
    )
    expect(() => database.prepare('select 1; select 2')).toThrow(/more than one statement/)
  } finally {
    database.close()
  }
})

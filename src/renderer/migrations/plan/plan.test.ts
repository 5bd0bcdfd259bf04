// The pure parts of a plan: its sums, its SQL text, what is drawn of it, and statements broken into lines.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PlannedStatement, StepPlan } from '../../../shared/migration-runs.ts'
import { formatSql, sqlTokens } from './format-sql.ts'
import { planSql } from './plan-sql.ts'
import { drawnOf, firstLimits, summaryOf, summaryWords, whyNotRehearsed } from './plan-summary.ts'

const statement = (more: Partial<PlannedStatement> = {}): PlannedStatement => ({
  sql: 'select 1',
  bindings: '',
  tables: [],
  destructive: null,
  cannotBeUndone: false,
  dependsOn: 'nothing',
  ...more,
})
const step = (more: Partial<StepPlan> = {}): StepPlan => ({
  name: '1.ts',
  direction: 'up',
  isAtomic: true,
  statements: [],
  notRehearsed: null,
  notes: [],
  problem: null,
  ...more,
})

test('the summary counts what matters and leaves out what does not', () => {
  const plans = [
    step({ statements: [statement(), statement({ destructive: 'Rows are lost.', cannotBeUndone: true })] }),
    step({ statements: [statement({ cannotBeUndone: true })], problem: 'It reads rows.' }),
  ]
  expect(summaryWords(summaryOf(plans))).toBe(
    '2 steps, 3 statements, 1 destructive, 2 cannot be undone, 1 step not known to the end',
  )
  expect(summaryWords(summaryOf([step({ statements: [statement()] })]))).toBe('1 step, 1 statement')
  const stops = 'The whole cluster stops while this runs.'
  const onCluster = [step({ statements: [statement({ stops }), statement(), statement({ stops })] })]
  expect(summaryWords(summaryOf(onCluster))).toBe('1 step, 3 statements, 2 stop the cluster')
  expect(planSql(onCluster, 'Plan').match(/-- The whole cluster stops while this runs\.\nselect 1;/g)).toHaveLength(2)
})

test('one step that can be rehearsed is enough', () => {
  expect(whyNotRehearsed([])).toBe('There is no step to rehearse.')
  expect(whyNotRehearsed([step(), step({ notRehearsed: 'No.' })])).toBeNull()
  expect(whyNotRehearsed([step({ notRehearsed: 'No.' }), step({ notRehearsed: 'No.' })])).toBe('No.')
  expect(whyNotRehearsed([step({ notRehearsed: 'A.' }), step({ notRehearsed: 'B.' })])).toMatch(/each says why/)
})

test('a destructive statement is drawn however late it comes, and what is left out is counted', () => {
  const statements = Array.from({ length: 10 }, (_, index) =>
    statement(index === 7 ? { destructive: 'Rows are lost.' } : {}),
  )
  expect(drawnOf(statements, 3)).toEqual([{ at: 0 }, { at: 1 }, { at: 2 }, { leftOut: 4 }, { at: 7 }, { leftOut: 2 }])
  expect(drawnOf(statements, 10)).toHaveLength(10)
  const all = Array.from({ length: 10_000 }, () => statement({ destructive: 'Rows are lost.' }))
  const drawn = drawnOf(all, 100)
  expect(drawn).toHaveLength(201)
  expect(drawn.at(-1)).toEqual({ leftOut: 9800 })
})

test('the SQL text holds every statement as it is sent, and what is known of it', () => {
  const sql = planSql(
    [
      step({
        notes: ['Asks for no transaction.'],
        isAtomic: false,
        statements: [
          statement({ sql: 'drop table a', destructive: 'Drops a.', cannotBeUndone: true }),
          statement({ sql: 'insert into b values (?)', bindings: "'x'", dependsOn: 'steps' }),
        ],
      }),
      step({ name: '2.ts', direction: 'down', problem: 'It asks for rows.' }),
    ],
    'Plan: every pending step',
  )
  expect(sql.split('\n').slice(3)).toEqual([
    '',
    '-- Step 1 of 2: 1.ts',
    '-- Each statement is kept by itself.',
    '-- Asks for no transaction.',
    '',
    '-- DESTRUCTIVE: Drops a.',
    '-- Cannot be undone.',
    'drop table a;',
    '',
    '-- Depends on what earlier steps will have made.',
    "-- Values: 'x'",
    'insert into b values (?);',
    '',
    '-- Step 2 of 2: 2.ts, undone',
    '-- All of it is kept or nothing: one transaction.',
    '',
    '-- Not known to its end: It asks for rows.',
    '',
  ])
})

test('no name, note or value can get out of its comment, and a comment does not swallow the semicolon', () => {
  const evil = 'x\ndrop table a;\r\u2028drop table b;'
  const sql = planSql(
    [
      step({
        name: evil,
        notes: [evil],
        problem: evil,
        statements: [statement({ sql: 'select 1 -- one', bindings: evil, destructive: evil })],
      }),
    ],
    evil,
  )
  const outside = sql.split(/[\n\r\u2028]/).filter((line) => line !== '' && !line.startsWith('-- '))
  expect(outside).toEqual(['select 1 -- one', ';'])
})

const table =
  'create table `auth_user` (`id` integer not null primary key autoincrement, `email` varchar(255) not null, check (a in (1, 2)))'

test('the columns of a long create table stand one a line', () => {
  expect(formatSql(table)).toBe(
    [
      'create table `auth_user` (',
      '  `id` integer not null primary key autoincrement,',
      '  `email` varchar(255) not null,',
      '  check (a in (1, 2))',
      ')',
    ].join('\n'),
  )
})

test('clauses begin a line, words in strings and in brackets do not', () => {
  const sql =
    "insert into a (x, y) select x, ' from where ' from b left join c on (c.id = b.id and d in (select 1 from e)) where b.z = 1"
  expect(formatSql(sql)).toBe(
    [
      'insert into a (x, y)',
      "select x, ' from where '",
      'from b',
      'left join c',
      'on (c.id = b.id and d in (select 1 from e))',
      'where b.z = 1',
    ].join('\n'),
  )
})

test('what is short, or in lines already, stays as it is', () => {
  expect(formatSql('  select 1 from a where b = 2 ')).toBe('select 1 from a where b = 2')
  expect(formatSql(`${table}\n`.repeat(2))).toBe(`${table}\n${table}`)
  const escaped = `insert into a values ('${'x'.repeat(80)} \\' from b')`
  expect(formatSql(escaped)).toBe(escaped)
})

const word = fc.constantFrom(
  ...[
    'create',
    'alter',
    'table',
    'select',
    'from',
    'where',
    'set',
    'on',
    'x',
    ',',
    '(',
    ')',
    "'a  ('' from b'",
    '"c ,"',
  ],
  ...['`d  )`', '$$ from  ( $$', '$t$ , $$ $t$', '/* from  ( */', "'open", '--', '$', '[e  ,]', 'ü', '𝒳', '  '],
)

test('only room changes, whatever the statement', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), (words) => {
      const sql = words.join(' ')
      expect(
        sqlTokens(sql)
          .map(({ text }) => text)
          .join(''),
      ).toBe(sql)
      const parts = (text: string) =>
        sqlTokens(text)
          .filter(({ kind }) => kind !== 'space')
          .map(({ text }) => text)
      expect(parts(formatSql(sql))).toEqual(parts(sql.trim()))
    }),
    { seed: 5, numRuns: 3000 },
  )
})

test('a long plan is drawn in part, and later steps are closed', () => {
  const small = Array.from({ length: 1000 }, () => step({ statements: [statement(), statement()] }))
  const limits = firstLimits(small)
  expect(limits.filter((limit) => limit > 0)).toHaveLength(100)
  expect(firstLimits([step({ statements: Array.from({ length: 10_000 }, () => statement()) }), step()])).toEqual([
    100, 100,
  ])
})

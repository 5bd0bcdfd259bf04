// Reads of rows with a limit put on them: still the same read, and never more than 1,001 rows.
import { expect, it } from 'vitest'
import type { Dialect } from '../../../shared/profiles.ts'
import { limitedRead } from './limited-read.ts'

it.each<[Dialect, string, unknown[], string | null]>([
  ['postgres', 'select * from a', [], 'select * from a\nlimit 1001'],
  ['postgres', 'select * from a -- all of it', [], 'select * from a -- all of it\nlimit 1001'],
  ['postgres', 'select * from a;', [], 'select * from a\nlimit 1001'],
  ['postgres', 'select * from a for update', [], 'select * from a\nlimit 1001'],
  ['postgres', 'select * from a limit $1 for no key update of a skip locked', [5], 'select * from a limit $1'],
  ['mysql', 'select * from a lock in share mode', [], 'select * from a\nlimit 1001'],
  ['mysql', 'select * from a where b = ? limit ?', ['x', 10], 'select * from a where b = ? limit ?'],
  ['mysql', 'select * from a limit ?', [5000], 'select * from (select * from a limit ?\n) as roster_plan limit 1001'],
  [
    'mysql',
    'select * from a limit ? offset ?',
    [5, 5000],
    'select * from (select * from a limit ? offset ?\n) as roster_plan limit 1001',
  ],
  [
    'mysql',
    'select * from a limit 5, 5000',
    [],
    'select * from (select * from a limit 5, 5000\n) as roster_plan limit 1001',
  ],
  [
    'postgres',
    'select * from a fetch first 5000 rows only',
    [],
    'select * from (select * from a fetch first 5000 rows only\n) as roster_plan limit 1001',
  ],
  ['sqlite', 'select * from (select * from a limit 5)', [], 'select * from (select * from a limit 5)\nlimit 1001'],
  ['postgres', '(select 1) union (select 2)', [], '(select 1) union (select 2)\nlimit 1001'],
  ['postgres', 'explain select * from a', [], null],
  ['sqlite', 'pragma integrity_check', [], null],
])('%s: %s', (dialect, sql, bindings, expected) => {
  expect(limitedRead(sql, dialect, bindings)).toBe(expected)
})

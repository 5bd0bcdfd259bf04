// What is asked about again after an edit: everything that the edit has to do with, and little else.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Change, TableDescription } from '../../../shared/tables.ts'
import type { Problem } from '../../../shared/table-saves.ts'
import { whatToCheck } from './what-to-check.ts'

const description: TableDescription = {
  name: 'people',
  dialect: 'sqlite',
  kind: 'table',
  columns: [],
  key: ['id'],
  unique: [['email']],
  readOnly: null,
  references: [{ columns: ['boss'], table: 'people', pointsTo: ['id'], onDelete: 'NO ACTION' }],
  notes: [],
  owner: null,
}

const update = (id: number, was: string, is: string): Change => ({
  kind: 'update',
  id: String(id),
  key: [BigInt(id)],
  original: { email: was },
  values: { email: is },
})

/** Of which every email is written once. */
const many = Array.from({ length: 1_000 }, (_, id) => update(id, `old ${id}`, `new ${id}`))

const asked = (before: readonly Change[], now: readonly Change[], problems: readonly Problem[] = []) =>
  whatToCheck(description, before, now, problems).send.map(({ id }) => id)

test('a few changes are asked about whole; of many those that are different', () => {
  expect(asked(many.slice(0, 100), many.slice(0, 101))).toHaveLength(101)
  expect(asked([], many)).toHaveLength(1_000)
  expect(asked(many, many.with(7, update(7, 'old 7', 'something else')))).toEqual(['7'])
})

test('whoever writes, frees or points to the same value is asked about as well, however it is spelled', () => {
  expect(asked(many, many.with(7, update(7, 'old 7', 'NEW 9  ')))).toEqual(['7', '9'])
  expect(asked(many, many.with(7, update(7, 'old 7', 'öld 11')))).toEqual(['7', '11'])
  // What was written before is free now.
  expect(asked(many, many.toSpliced(7, 1)).length).toBe(0)
  const held = many.with(8, update(8, 'old 8', 'new 7'))
  expect(asked(held, held.toSpliced(7, 1))).toEqual(['8'])
  const boss: Change = { kind: 'insert', id: 'x', values: { boss: 12n } }
  expect(asked(many, [...many, boss])).toEqual(['12', 'x'])
})

test('a problem stays until its change, or the other one of it, is asked about', () => {
  const problem = (changeId: string, otherId: string | null): Problem => ({
    changeId,
    column: 'email',
    kind: 'unique',
    words: 'taken',
    holder: null,
    otherId,
  })
  const problems = [problem('3', null), problem('4', '7'), problem('7', null), problem('gone', null)]
  const { send, keep } = whatToCheck(description, many, many.with(7, update(7, 'old 7', 'other')), problems)
  expect(send.map(({ id }) => id)).toEqual(['4', '7'])
  expect(keep).toEqual([problems[0]])
})

test('two changes of the same folded value are never asked about apart', () => {
  const value = fc.constantFrom('a', 'A', 'ä', 'b', 'B ', '1', '01', '')
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 8 }), fc.nat(7), value, (pairs, at, is) => {
      const some = pairs.map(([was, now], index) => update(5_000 + index, was, now))
      const before = [...many, ...some]
      const place = many.length + (at % some.length)
      const changed = update(5_000 + (at % some.length), 'was', is)
      const sent = new Set(asked(before, before.with(place, changed)))
      const folded = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trimEnd()
      for (const change of some) {
        if (change.kind !== 'update' || folded(is) === '') continue
        const own = [change.original.email, change.values.email].map((cell) => folded(String(cell)))
        if (own.includes(folded(is))) expect(sent).toContain(change.id)
      }
    }),
    { numRuns: 100, seed: 6 },
  )
})

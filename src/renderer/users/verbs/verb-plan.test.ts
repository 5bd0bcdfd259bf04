// What a verb would stage over many rows: counted, all of a row or none of it, and each refused row by name.
import { describe, expect, test } from 'vitest'
import type { Cell, ShownCell } from '../../../shared/cell.ts'
import { isSecret } from '../../../shared/cell.ts'
import { keptHash } from '../../../shared/kept-hash.ts'
import type { Owner } from '../../../shared/owners.ts'
import type { Change, Column } from '../../../shared/tables.ts'
import { cellShown, type GridLine } from '../../grid/grid-line.ts'
import { editMany, nothingStaged, undo } from '../../tables/changes.ts'
import { uuid4Hex } from './chance.ts'
import { strongPassword } from './passwords/strong-password.ts'
import { planVerb, type Doing, type VerbScope } from './verb-plan.ts'
import { doneInWords } from './verb-words.ts'

const column = (name: string, more: Partial<Column> = {}): Column => ({
  name,
  type: '',
  kind: 'text',
  isNullable: true,
  default: null,
  keyPosition: 0,
  isAutomatic: false,
  isGenerated: false,
  maxLength: null,
  isSecret: false,
  isIndexed: false,
  codec: null,
  encoding: null,
  ...more,
})
const columns = [
  column('id', { keyPosition: 1, isAutomatic: true }),
  column('active', { codec: { kind: 'boolean', spelling: 'T/F' } }),
  column('fs_uniquifier'),
  column('password', { isSecret: true }),
]
const owner: Owner = {
  ...{ name: 'pydal', writer: 'pydal', words: '', evidence: [], meanings: {}, touches: [] },
  user: {
    ...{ email: 'email', username: null, password: 'password', active: 'active', gate: null, confirmedAt: null },
    ...{ uniquifier: 'fs_uniquifier', deletedAt: null, createdAt: null },
  },
}
const line = (id: bigint, active: Cell, password: ShownCell = null, change?: Change): GridLine => ({
  id: `["i${id}"]`,
  row: { id: `["i${id}"]`, key: [id], cells: [id, active, `old ${id}`, password], cut: new Map() },
  change,
})
const plain = (cell: ShownCell | undefined) => (isSecret(cell) ? undefined : cell)
const scope: VerbScope = {
  description: { columns, owner },
  refusal: (of, { isSecret: isHash }) =>
    of.change?.kind === 'delete' ? 'It is marked for deletion.' : isHash ? 'It is a password.' : null,
  shown: (of, index) => plain(cellShown(of, columns[index] as Column, index)?.cell),
  stored: (of, index) => plain(of.row?.cells[index]),
}
const chance = { now: '2026-11-23T01:02:03.456Z', uuid: uuid4Hex }
const plan = (doing: Doing, lines: GridLine[], isSignedOut = false) =>
  planVerb(doing, isSignedOut, scope, lines, chance)
const marked: Change = { kind: 'delete', id: '["i4"]', key: [4n], original: {} }

describe('deactivating', () => {
  const lines = [line(1n, 'T'), line(2n, 'F'), line(3n, '1'), line(4n, 'T', null, marked), line(5n, null)]

  test('counts what is changed, what is so already and what is refused', () => {
    const made = plan({ verb: 'deactivate' }, lines)
    expect(made).toMatchObject({ rows: 2, done: 2, already: new Map([['inactive already', 1]]) })
    expect(made.refused.map(({ line: { id }, column: name, why }) => [id, name, why])).toEqual([
      ['["i3"]', 'active', expect.stringContaining("holds '1', but the column is written as") as string],
      ['["i4"]', 'active', 'It is marked for deletion.'],
    ])
    expect(doneInWords('deactivate', made, false)).toBe('2 set inactive; 1 was inactive already; 2 refused.')
    const staged = editMany(nothingStaged, made.edits)
    expect(staged.changes).toEqual([
      { kind: 'update', id: '["i1"]', key: [1n], original: { active: 'T' }, values: { active: 'F' } },
      { kind: 'update', id: '["i5"]', key: [5n], original: { active: null }, values: { active: 'F' } },
    ])
    expect(undo(staged).changes).toEqual([])
  })

  test('with signing out everywhere each row that is not refused has a key of its own', () => {
    const made = plan({ verb: 'deactivate' }, lines, true)
    expect(made).toMatchObject({ rows: 3, done: 2 })
    const keys = editMany(nothingStaged, made.edits).changes.map((change) =>
      change.kind === 'update' ? change.values.fs_uniquifier : null,
    )
    expect(new Set(keys).size).toBe(3)
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/)
  })

  test('what is staged already counts, and a new row is set without a guard', () => {
    const inactive: Change = { kind: 'update', id: '["i1"]', key: [1n], original: {}, values: { active: 'F' } }
    const fresh: GridLine = { id: 'new 1', row: undefined, change: { kind: 'insert', id: 'new 1', values: {} } }
    const made = plan({ verb: 'deactivate' }, [line(1n, 'T', null, inactive), fresh])
    expect(made.already).toEqual(new Map([['inactive already', 1]]))
    expect(made.edits).toEqual([{ do: 'set-new', id: 'new 1', column: 'active', value: 'F' }])
  })

  test('a value that could not be read in whole is no guard', () => {
    const made = planVerb({ verb: 'deactivate' }, false, { ...scope, stored: () => undefined }, [line(1n, 'T')], chance)
    expect(made).toMatchObject({
      edits: [],
      rows: 0,
      refused: [{ why: 'The stored value could not be read in whole.' }],
    })
  })
})

describe('passwords', () => {
  const [one, two, three, four] = [
    line(1n, 'T', { secret: 'bcrypt' }),
    line(2n, 'T'),
    line(3n, 'T'),
    line(4n, 'T', null, marked),
  ]

  test('are written without an original; a row for which there is none is refused by what is wrong with it', () => {
    const kept = new Map([one, two].map(({ id }, at) => [id, keptHash('argon2id', `${at}`)]))
    const made = plan({ verb: 'password', kept }, [one, two, three, four])
    expect(made.edits).toMatchObject([
      { do: 'set-secret', key: [1n], value: keptHash('argon2id', '0') },
      { do: 'set-secret', key: [2n], value: keptHash('argon2id', '1') },
    ])
    expect(made.refused.map(({ why }) => why)).toEqual([
      'There is no new password for this row.',
      'It is marked for deletion.',
    ])
  })

  test('locking leaves alone what is locked, also by what is staged', () => {
    const text = keptHash('none', 'x')
    const kept = new Map([one, two].map(({ id }) => [id, text]))
    const made = plan({ verb: 'lock', kept }, [one, two])
    expect(made).toMatchObject({ rows: 1, already: new Map([['locked already', 1]]) })
    const change: Change = { kind: 'update', id: one.id, key: [1n], original: {}, values: { password: text } }
    expect(plan({ verb: 'lock', kept }, [{ ...one, change }])).toMatchObject({ rows: 0, done: 0 })
  })

  test('that are generated are 20 signs that nobody mistakes, and never the same', () => {
    const made = Array.from({ length: 200 }, strongPassword)
    expect(new Set(made).size).toBe(200)
    for (const password of made) expect(password).toMatch(/^([a-km-zA-HJ-NP-Z2-9]{5}-){3}[a-km-zA-HJ-NP-Z2-9]{5}$/)
    // Each of the 57 signs about 70 times of 4,000: none is missing, none is twice as likely.
    const counts = Map.groupBy(made.join('').replaceAll('-', ''), (sign) => sign)
    expect(counts.size).toBe(57)
    for (const signs of counts.values()) expect(signs.length).toBeLessThan(141)
  })
})

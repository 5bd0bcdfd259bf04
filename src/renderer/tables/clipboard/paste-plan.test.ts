// Copied as TSV and pasted over the same cells, nothing changes; over empty cells, the same values stand there. What a column
// does not take is refused by name.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Cell } from '../../../shared/cell.ts'
import type { Codec } from '../../../shared/codecs.ts'
import type { MomentShape } from '../../../shared/moments.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import type { Column, ColumnKind } from '../../../shared/tables.ts'
import type { GridLine } from '../../grid/grid-line.ts'
import { rowIdOf } from '../../grid/row-id.ts'
import { readDelimited } from './delimited.ts'
import { asTsv } from './formats.ts'
import { planOf, type Plan } from './paste-plan.ts'

function column(name: string, kind: ColumnKind, more: Partial<Column> = {}): Column {
  return {
    name,
    type: kind,
    kind,
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
  }
}

const shape: MomentShape = {
  of: 'datetime',
  separator: ' ',
  hasSeconds: true,
  fraction: { rule: 'whole-or-fixed', digits: 6 },
  zone: 'none',
  storage: 'text',
}
const moment: Codec = { kind: 'moment', shape }
const boolean = (spelling: 'T/F' | 'bit' | 'real'): Codec => ({ kind: 'boolean', spelling })

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const text = fc.oneof(
  fc.constantFrom('', ' ', '"', '""', 'NULL', '=1+1', 'a\tb', '1\n2', '\r\n', "it's", '0x00', '00123'),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
)
const date = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 19).replace('T', ' '))
const micro = fc
  .tuple(date, fc.integer({ min: 1, max: 999_999 }))
  .map(([at, us]) => `${at}.${String(us).padStart(6, '0')}`)

/** Every kind of cell that can be typed, with what it holds. */
const kinds: [Column, fc.Arbitrary<Cell>][] = [
  [column('whole', 'integer'), int64],
  [column('number', 'real'), fc.double({ noNaN: true })],
  [column('words', 'text'), text],
  [column('untyped', 'other', { type: '' }), text],
  [column('bytes', 'binary', { type: 'blob' }), fc.uint8Array({ maxLength: 20 })],
  [column('at', 'datetime', { codec: moment }), fc.oneof(date, micro)],
  [column('yes', 'boolean', { codec: boolean('T/F') }), fc.constantFrom('T', 'F')],
  [column('bit', 'boolean', { codec: boolean('bit') }), fc.constantFrom(new Uint8Array([1]), new Uint8Array([0]))],
  [column('real yes', 'boolean', { codec: boolean('real') }), fc.constantFrom(1, 0)],
]
const columns = kinds.map(([each]) => each)
const places = columns.map((each, index) => ({ column: each, index }))
const row = fc.tuple(...kinds.map(([, cell]) => fc.oneof({ weight: 4, arbitrary: cell }, fc.constant<Cell>(null))))
const table = fc.array(row, { minLength: 1, maxLength: 4 })

function lineOf(cells: readonly Cell[], number: number): GridLine {
  const key = [BigInt(number)]
  const id = rowIdOf(key)
  return { id, row: { id, key, cells: [...cells], cut: new Map() }, change: undefined }
}

function paste(
  pasted: string,
  over: readonly (readonly Cell[])[],
  at: readonly Column[] = columns,
  dialect: Dialect = 'sqlite',
): Plan {
  const lines = over.map(lineOf)
  const cells = readDelimited(pasted, '\t').flatMap((fields, row) =>
    fields.map((field, index) => ({
      line: lines[row] as GridLine,
      column: { column: at[index] as Column, index },
      from: { field },
    })),
  )
  return planOf(cells, { dialect, refusal: () => null, stored: (line, index) => line.row?.cells[index] as Cell })
}

const runs = { numRuns: import.meta.env.VERIFY === 'full' ? 10_000 : 200, seed: 11 }

describe('copied as TSV and pasted', () => {
  test('over the same cells nothing changes, and nothing is refused', () => {
    fc.assert(
      fc.property(table, (rows) => {
        expect(paste(asTsv({ columns, rows }), rows)).toEqual({ edits: [], cellCount: 0, refused: [] })
      }),
      runs,
    )
  })

  test('over empty cells every value is the one that was copied', () => {
    fc.assert(
      fc.property(table, (rows) => {
        // A cell of SQLite's column of numbers keeps its own kind: NULL has none, so each takes what its column declares.
        const empty = rows.map(() => columns.map(() => null))
        const { edits, refused } = paste(asTsv({ columns, rows }), empty)
        expect(refused).toEqual([])
        const set = new Map(
          edits.flatMap((edit) => (edit.do === 'set' ? [[`${String(edit.key[0])} ${edit.column}`, edit.value]] : [])),
        )
        rows.forEach((cells, number) =>
          places.forEach(({ column: { name }, index }) => {
            expect(set.get(`${number} ${name}`) ?? null).toEqual(cells[index])
          }),
        )
      }),
      runs,
    )
  })
})

describe('what is refused', () => {
  const strict = [column('email', 'text', { isNullable: false, maxLength: 5 }), column('age', 'integer')]

  test('each cell by its name, and the others can still be set', () => {
    const plan = paste('too long\tx\n\t7\nok\t', [['a', 1n], ['b', 2n], ['c', 3n]], strict) // prettier-ignore
    expect(plan.refused.map(({ column, line, why }) => [column, line.row?.key[0], why])).toEqual([
      ['email', 0n, expect.stringMatching('8 characters: email holds at most 5')],
      ['age', 0n, expect.stringMatching('“x” is not a whole number')],
      ['email', 1n, 'email is NOT NULL. An empty field is NULL; empty text is two quotes: "".'],
    ])
    expect(plan.edits).toEqual([
      { do: 'set', key: [1n], column: 'age', original: 2n, value: 7n },
      { do: 'set', key: [2n], column: 'email', original: 'c', value: 'ok' },
      { do: 'set', key: [2n], column: 'age', original: 3n, value: null },
    ])
    expect(plan.cellCount).toBe(3)
  })

  test('a cell of which only the beginning is known is no guard', () => {
    const line = lineOf(['beginning', 1n], 1)
    const cells = [{ line, column: { column: strict[0] as Column, index: 0 }, from: { value: 'new' } }]
    const plan = planOf(cells, { dialect: 'sqlite', refusal: () => null, stored: () => undefined })
    expect(plan).toMatchObject({ edits: [], refused: [{ why: 'The stored value could not be read in whole.' }] })
  })

  test('in a column of several spellings a value is taken only as its row is written', () => {
    const codecs: Codec[] = [boolean('T/F'), { kind: 'boolean', spelling: 'Y/N' }]
    const mixed = column('ok', 'text', { encoding: { basis: 'mixed', words: 'Both.', choices: codecs } })
    const set = (present: Cell, value: Cell) => {
      const cells = [{ line: lineOf([present], 1), column: { column: mixed, index: 0 }, from: { value } }]
      return planOf(cells, { dialect: 'sqlite', refusal: () => null, stored: () => present })
    }
    expect(set('T', 'F')).toMatchObject({ edits: [{ value: 'F' }], refused: [] })
    expect(set('Y', 'F')).toMatchObject({ edits: [], refused: [{ column: 'ok' }] })
  })
})

describe('a column of several spellings', () => {
  const choices: Codec[] = [
    boolean('T/F'),
    { kind: 'boolean', spelling: 'integer' },
    { kind: 'boolean', spelling: '1/0' },
  ]
  const mixed = column('active', 'boolean', { encoding: { basis: 'mixed', words: 'It is mixed.', choices } })
  const place = { column: mixed, index: 0 }
  const scope = {
    ...{ dialect: 'sqlite' as const, refusal: () => null },
    stored: (line: GridLine, index: number) => line.row?.cells[index] as Cell,
  }
  /** By `field` as paste and set give it, by `value` as filling down does. */
  const set = (present: Cell | undefined, from: { field: string | null } | { value: Cell }) => {
    const line: GridLine =
      present === undefined
        ? { id: 'new 1', row: undefined, change: { kind: 'insert', id: 'new 1', values: {} } }
        : lineOf([present], 1)
    const { edits, refused } = planOf([{ line, column: place, from }], scope)
    return refused.length > 0 ? 'refused' : edits.map((edit) => 'value' in edit && edit.value)
  }

  test('takes in each row what that row is written in alone, whether typed, pasted, set or filled', () => {
    expect(set('T', { field: 'F' })).toEqual(['F'])
    expect(set('T', { value: 'F' })).toEqual(['F'])
    expect(set(1n, { value: 0n })).toEqual([0n])
    expect(set('1', { field: '0' })).toEqual(['0'])
    for (const from of [{ field: 'false' }, { field: '0' }, { value: 0n }, { value: '0' }, { value: 0 }]) {
      expect(set('T', from)).toBe('refused')
    }
    expect(set(1n, { value: 'F' })).toBe('refused')
  })

  test('takes nothing but NULL where the row does not tell, and in a new row', () => {
    for (const present of [null, 'maybe', 7n, undefined] as const) {
      for (const from of [{ field: 'T' }, { field: 'true' }, { value: 'T' }, { value: 1n }, { value: '1' }]) {
        expect(set(present, from)).toBe('refused')
      }
    }
    expect(set('T', { field: null })).toEqual([null])
    expect(set(undefined, { field: null })).toEqual([null])
  })
})

// What owners make of stored values is held against the tables of interop.md, sections 1 and 4, row by row.
import { expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import type { Codec } from '../../shared/codecs.ts'
import { exampleOf, writeMoment, type MomentShape } from '../../shared/moments.ts'
import type { Writer } from '../../shared/owners.ts'
import { readingOf, type ReadColumn, type Sense } from './reading.ts'

const shape: MomentShape = {
  ...{ of: 'datetime', separator: ' ', hasSeconds: true, fraction: { rule: 'fixed', digits: 6 } },
  ...{ zone: 'none', storage: 'text' },
}
const moments: Codec = { kind: 'moment', shape }
const dates: Record<'sqlalchemy' | 'pydal' | 'gorm', ReadColumn> = {
  sqlalchemy: { dialect: 'sqlite', type: 'DATETIME', kind: 'datetime', codec: moments },
  pydal: { dialect: 'sqlite', type: 'TIMESTAMP', kind: 'datetime', codec: moments },
  gorm: { dialect: 'sqlite', type: 'datetime', kind: 'datetime', codec: moments },
}

const plain: MomentShape = { ...shape, fraction: { rule: 'trimmed', digits: 9 } }

/** What is read, as a text: with an offset where the application gets one. */
function said(sense: Sense | undefined): string {
  if (!sense) return 'the same'
  if (sense.kind === 'boolean') return String(sense.value)
  if (sense.kind !== 'moment') return sense.kind
  const { moment } = sense
  const written = writeMoment(moment, { ...plain, zone: moment.offset === null ? 'none' : 'offset' })
  return 'value' in written ? written.value : written.error
}

const day = '2024-01-15 10:20:30'
const utc = `${day}+00:00`

/** SQLAlchemy 2, SQLAlchemy 1.4, PyDAL 2026, PyDAL 2020, GORM 2. */
const TABLE: [cell: Cell, ...read: [string, string, string, string, string]][] = [
  [day, day, day, day, day, utc],
  [`${day}.123456`, `${day}.123456`, `${day}.123456`, `${day}.123456`, `${day}.123456`, `${day}.123456+00:00`],
  [`${day}.123`, `${day}.123`, `${day}.000123`, `${day}.123`, `${day}.123`, `${day}.123+00:00`],
  [`${day}.123456789`, `${day}.123456`, 'fails', `${day}.123456`, `${day}.123456`, `${day}.123456789+00:00`],
  ['2024-01-15T10:20:30', day, 'fails', day, 'fails', utc],
  ['2024-01-15T10:20:30Z', utc, 'fails', utc, 'fails', utc],
  [`${day}+02:00`, `${day}+02:00`, day, `${day}+02:00`, 'fails', `${day}+02:00`],
  ['2024-01-15 10:20', '2024-01-15 10:20:00', 'fails', '2024-01-15 10:20:00', 'fails', '2024-01-15 10:20:00+00:00'],
  ['2024-01-15', '2024-01-15 00:00:00', 'fails', '2024-01-15 00:00:00', 'fails', '2024-01-15 00:00:00+00:00'],
  ['', 'fails', 'fails', 'null', 'null', '0001-01-01 00:00:00+00:00'],
  [1705314030n, 'fails', 'fails', 'fails', 'fails', utc],
  ['garbage', 'fails', 'fails', 'fails', 'fails', '0001-01-01 00:00:00+00:00'],
]

it.each(TABLE)('%s in a date column of SQLite is read as the libraries read it', (cell, ...read) => {
  const both = (writer: 'sqlalchemy' | 'pydal' | 'gorm') => {
    const { sense, older } = readingOf(writer, dates[writer], cell)
    return [said(sense), older ? said(older.sense) : said(sense)]
  }
  expect([...both('sqlalchemy'), ...both('pydal'), both('gorm')[0]]).toEqual(read)
})

it('PyDAL adds the offset where the column is not declared TIMESTAMP, over midnight and the end of a month', () => {
  const column: ReadColumn = { ...dates.pydal, type: 'DATETIME' }
  const read = (cell: string) => said(readingOf('pydal', column, cell).sense)
  expect(read(`${day}+02:00`)).toBe('2024-01-15 12:20:30')
  expect(read('2024-02-29 23:20:30+02:00')).toBe('2024-03-01 01:20:30')
  expect(read('2024-03-01 00:20:30-02:00')).toBe('2024-02-29 22:20:30')
})

it('a day that does not exist, and "now", fail for SQLAlchemy', () => {
  const read = (cell: Cell) => readingOf('sqlalchemy', dates.sqlalchemy, cell).sense.kind
  expect([read('2024-02-30 10:20:30'), read('2024-02-30 10:20:30.000000'), read('now')]).toEqual(Array(3).fill('fails'))
})

it('GORM reads its own shape with any digits and any offset', () => {
  const read = (cell: string) => said(readingOf('gorm', dates.gorm, cell).sense)
  for (const cell of [`${day}.12-03:30`, `${day}.123456789+02:00`, utc, '1969-12-31 23:59:59.5+00:00']) {
    expect(read(cell)).toBe(cell)
  }
})

const letters: Codec = { kind: 'boolean', spelling: 'T/F' }
const numbers: Codec = { kind: 'boolean', spelling: 'integer' }
const flags: Record<'sqlalchemy' | 'pydal' | 'gorm', ReadColumn> = {
  sqlalchemy: { dialect: 'sqlite', type: 'BOOLEAN', kind: 'boolean', codec: numbers },
  pydal: { dialect: 'sqlite', type: 'CHAR(1)', kind: 'text', codec: letters },
  gorm: { dialect: 'sqlite', type: 'numeric', kind: 'decimal', codec: numbers },
}

it.each<[Writer & keyof typeof flags, string, Cell[]]>([
  ['pydal', 'true', ['T', 't', 'true', 'True', 'tomorrow']],
  ['pydal', 'false', ['F', 'f', '1', 1n, 'Y', 'yes', '', '0', 0n, new Uint8Array([0x54])]],
  ['sqlalchemy', 'true', [1n, 2n, -1n, 'F', 'false', 'no', ' ', '0', new Uint8Array([0]), 0.5]],
  ['sqlalchemy', 'false', [0n, '', 0]],
  ['gorm', 'true', [1n, 'T', 't', 'true']],
  ['gorm', 'false', [0n, 'F', 'f', 'false']],
  ['gorm', 'fails', [2n, '', 'Y']],
  ['gorm', 'unknown', [3n, 'yes', 'TRUE', new Uint8Array([1])]],
])('%s reads some values as %s', (writer, read, cells) => {
  for (const cell of cells) expect(said(readingOf(writer, flags[writer], cell).sense)).toBe(read)
  expect(readingOf(writer, flags[writer], null).sense).toEqual({ kind: 'null' })
})

it('reads letters of PyDAL on every engine, and 1 in them is false', () => {
  const on: [ReadColumn['dialect'], string][] = [
    ['postgres', 'character(1)'],
    ['mysql', 'char(1)'],
  ]
  for (const [dialect, type] of on) {
    const column: ReadColumn = { dialect, type, kind: 'text', codec: letters }
    expect(['T', 'F', '1'].map((cell) => said(readingOf('pydal', column, cell).sense))).toEqual([
      ...['true', 'false', 'false'],
    ])
  }
})

it("takes a server's own values as they are, and knows nothing of what it was not told", () => {
  const boolean: ReadColumn = {
    ...{ dialect: 'postgres', type: 'boolean', kind: 'boolean', codec: { kind: 'boolean', spelling: 'boolean' } },
  }
  expect(said(readingOf('gorm', boolean, 't').sense)).toBe('true')
  const stamp: ReadColumn = {
    ...{ dialect: 'postgres', type: 'timestamp without time zone', kind: 'datetime' },
    codec: { kind: 'moment', shape: { ...plain, fraction: { rule: 'trimmed', digits: 6 }, storage: 'postgres' } },
  }
  expect(said(readingOf('sqlalchemy', stamp, `${day}.5`).sense)).toBe(`${day}.5`)
  expect(readingOf('sqlalchemy', stamp, 'infinity').how).toBe('unknown')
  const tiny: ReadColumn = { dialect: 'mysql', type: 'tinyint(1)', kind: 'integer', codec: numbers }
  expect(said(readingOf('sqlalchemy', tiny, 1n).sense)).toBe('true')
  expect(readingOf('sqlalchemy', tiny, 2n).how).toBe('unknown')
  // Nobody has tried these.
  for (const writer of ['django', 'unknown'] as const) {
    expect(readingOf(writer, flags.sqlalchemy, 1n).how).toBe('unknown')
    expect(readingOf(writer, dates.sqlalchemy, exampleOf(shape)).how).toBe('unknown')
  }
  expect(readingOf('sqlalchemy', dates.sqlalchemy, `${day}.1`).how).toBe('unknown')
  expect(readingOf('pydal', dates.pydal, '2024-02-30 10:20:30').how).toBe('unknown')
  // Its application reads a column of text as text.
  expect(readingOf('sqlalchemy', { ...dates.sqlalchemy, type: 'VARCHAR(40)', kind: 'text' }, day).how).toBe('unknown')
  expect(readingOf('pydal', { ...flags.pydal, type: 'INTEGER', kind: 'integer' }, 1n).how).toBe('unknown')
})

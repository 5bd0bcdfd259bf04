// What the database made of the values of a save: where it stored something else than was typed, in words.
import { isSecret, sameCell, type Cell, type ShownCell } from '../../shared/cell.ts'
import { decode } from '../../shared/codecs.ts'
import { schemeOfKept } from '../../shared/kept-hash.ts'
import type { Change, Column, Saved, TableDescription } from '../../shared/tables.ts'
import { valueInWords } from '../grid/cell-show.ts'

export interface StoredDifference {
  /** Of the row, as it is stored now. */
  key: readonly Cell[]
  column: string
  words: string
}

/** Cells that a default, a trigger or the column's type made different. Another spelling of the same value is none. */
export function storedDifferences(
  { columns }: Pick<TableDescription, 'columns'>,
  changes: readonly Change[],
  saved: Pick<Saved, 'rows' | 'columns'>,
): StoredDifference[] {
  const places = new Map(saved.columns.map((name, index) => [name, index]))
  const byName = new Map(columns.map((column) => [column.name, column]))
  return changes.flatMap((change, index) => {
    const row = saved.rows[index]
    if (!row || change.kind === 'delete') return []
    return Object.entries(change.values).flatMap(([name, typed]) => {
      const column = byName.get(name)
      const stored = row.cells[places.get(name) ?? -1]
      // A text that names a hash is not what was to be stored.
      if (schemeOfKept(typed) !== null) return []
      if (!column || stored === undefined || isSecret(stored) || isSame(typed, stored, column)) return []
      return [{ key: row.key, column: name, words: inWords(typed, stored, column) }]
    })
  })
}

function inWords(typed: Cell, stored: Cell, column: Column): string {
  if (typeof typed === 'string' && typeof stored === 'string' && stored !== '' && typed.startsWith(stored)) {
    return `The database stored ${lengthOf(stored)} of ${lengthOf(typed)} characters of ${column.name}.`
  }
  if (typed instanceof Uint8Array && stored instanceof Uint8Array && stored.length < typed.length) {
    return `The database stored ${stored.length} of ${typed.length} bytes of ${column.name}.`
  }
  return `The database stored ${valueInWords(stored, column)} for ${column.name}, not ${valueInWords(typed, column)}.`
}

const lengthOf = (text: string) => [...text].length.toLocaleString('en-US')

function isSame(typed: Cell, stored: ShownCell, column: Column): boolean {
  if (sameCell(typed, stored)) return true
  if (typed === null || stored === null || isSecret(stored)) return false
  if (column.codec) {
    const [a, b] = [decode(typed, column.codec), decode(stored, column.codec)]
    if (a.kind !== 'foreign' && words(a) === words(b)) return true
  }
  if (column.kind === 'integer' || column.kind === 'real' || column.kind === 'decimal') {
    return plainNumber(typed) === plainNumber(stored) && plainNumber(typed) !== null
  }
  if (/^jsonb?$/i.test(column.type)) return jsonOf(typed) === jsonOf(stored) && jsonOf(typed) !== null
  return false
}

const words = (value: unknown) =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part))

/** 1.50, 1.5 and +1.5 are one number; no digit is lost on the way. */
function plainNumber(cell: Cell): string | null {
  const parts = /^([+-]?)0*(\d*)(?:\.(\d*?)0*)?$/.exec(String(cell).trim())
  if (!parts) return cell instanceof Uint8Array ? null : String(Number(cell))
  const [, sign = '', whole = '', fraction = ''] = parts
  return `${sign === '-' ? '-' : ''}${whole || '0'}${fraction ? `.${fraction}` : ''}`
}

function jsonOf(cell: Cell): string | null {
  try {
    return JSON.stringify(sorted(JSON.parse(String(cell))))
  } catch {
    return null
  }
}

/** The order of an object's names says nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, part]) => [name, sorted(part)]),
  )
}

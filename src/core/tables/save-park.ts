// Values on which a row can wait while others exchange theirs: NULL where that is allowed, otherwise one that no row has.
import { createHash } from 'node:crypto'
import type { Cell } from '../../shared/cell.ts'
import { integerRange } from '../../shared/integer-range.ts'
import type { Dialect } from '../../shared/profiles.ts'
import type { ShapeColumn, TableShape } from '../db/database.ts'

export interface Parking {
  column: string
  /** NULL is free, however many rows have it; anything else is made up. */
  isNull: boolean
}

/**
 * Which of the edited columns of a set can hold another value for a while; null when none can. `pointedTo`: columns that rows
 * point to, in small letters: those rows would follow to NULL, and stay there.
 */
export function parkingOf(
  shape: TableShape,
  set: readonly string[],
  edited: readonly string[],
  pointedTo: ReadonlySet<string>,
): Parking | null {
  const columns = set.flatMap((name) => shape.columns.filter((column) => column.name === name && edited.includes(name)))
  const nullable = columns.find(
    ({ name, isNullable }) => isNullable && !shape.key.includes(name) && !pointedTo.has(name.toLowerCase()),
  )
  if (nullable) return { column: nullable.name, isNull: true }
  const made = columns.find(canBeMade)
  return made ? { column: made.name, isNull: false } : null
}

const canBeMade = ({ kind, type }: ShapeColumn) =>
  kind === 'integer' ||
  kind === 'decimal' ||
  kind === 'real' ||
  kind === 'date' ||
  kind === 'datetime' ||
  kind === 'binary' ||
  (kind === 'text' && !/^\s*("|enum|set|year|inet|json)/i.test(type))

/** The same for the same seed: what is shown before a save is what it sends. `now` is what the row holds, whose look is kept. */
export function madeValue(dialect: Dialect, column: ShapeColumn, now: Cell, seed: string): Cell {
  const hash = createHash('sha256').update(seed).digest()
  switch (column.kind) {
    case 'integer':
      return madeInteger(dialect, column, now, hash)
    case 'decimal':
    case 'real':
      return madeNumber(column, now, hash)
    case 'date':
    case 'datetime':
      return madeDate(column, now, hash)
    case 'binary':
      return new Uint8Array(hash.subarray(0, now instanceof Uint8Array ? Math.min(now.length, 32) : 16))
    default:
      return typeof now === 'string' || now === null
        ? madeText(column, now ?? '', hash)
        : madeInteger(dialect, column, now, hash)
  }
}

/** Below zero where the type allows it: no automatic number comes there. */
function madeInteger(dialect: Dialect, column: ShapeColumn, now: Cell, hash: Buffer): Cell {
  if (typeof now === 'string') return madeText(column, now, hash)
  const { min, max } = integerRange(dialect, column.type)
  const random = hash.readBigUInt64BE(0)
  return min < 0n ? min + (random % -min) : max - (random % (max / 2n + 1n))
}

/** A whole number that its digits before the point can hold. */
function madeNumber({ type }: ShapeColumn, now: Cell, hash: Buffer): Cell {
  const [, precision, scale = '0'] = /\((\d+)(?:\s*,\s*(\d+))?\)/.exec(type) ?? []
  const digits = Math.min(12, precision === undefined ? 12 : Math.max(1, Number(precision) - Number(scale)))
  const value = -(hash.readBigUInt64BE(0) % 10n ** BigInt(digits))
  if (typeof now === 'number') return Number(value)
  return typeof now === 'bigint' ? value : String(value)
}

function madeDate({ kind }: ShapeColumn, now: Cell, hash: Buffer): Cell {
  if (typeof now === 'bigint') return -(hash.readBigUInt64BE(0) % 2n ** 31n)
  if (typeof now === 'number') return -(hash.readUInt32BE(0) + 0.5)
  const two = (at: number, most: number, least = 0) => String(((hash[at] ?? 0) % most) + least).padStart(2, '0')
  const date = `1${String(500 + (hash.readUInt16BE(0) % 400))}-${two(2, 12, 1)}-${two(3, 28, 1)}`
  return kind === 'date' ? date : `${date} ${two(4, 24)}:${two(5, 60)}:${two(6, 60)}`
}

/** As the value looks: digits of a hexadecimal token, a UUID; of anything else a small word before it, so that most rules hold. */
function madeText({ type, maxLength }: ShapeColumn, now: string, hash: Buffer): string {
  const hex = hash.toString('hex')
  if (/^uuid/i.test(type) || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(now)) {
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  }
  const length = [...now].length
  if (/^[0-9a-f]{8,}$/i.test(now)) return hex.repeat(Math.ceil(length / hex.length)).slice(0, length)
  const room = maxLength ?? Infinity
  // In a short column all of it is chance.
  if (room < length + 13)
    return BigInt(`0x${hex}`)
      .toString(36)
      .slice(0, Math.max(1, Math.min(room, 16)))
  return `x${hex.slice(0, 12)}${now}`
}

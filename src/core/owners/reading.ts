// What a table's owner makes of a stored boolean or date, also of one it would not have written. Source: interop.md of the
// reference, sections 1 and 4, where the libraries themselves were tried; what was not tried there is unknown here.
import type { Cell } from '../../shared/cell.ts'
import { decode, isNative, type Codec } from '../../shared/codecs.ts'
import type { Writer } from '../../shared/owners.ts'
import type { Dialect } from '../../shared/profiles.ts'
import type { ShapeColumn } from '../db/database.ts'
import { readDatetime } from './reading-dates.ts'
import { fails, nothing, truth, unknown, type Reading } from './reading-kinds.ts'

export { isSameSense, type How, type Reading, type Sense } from './reading-kinds.ts'

/** A column of booleans or dates, whose values may be written otherwise than `codec` says. */
export type ReadColumn = Pick<ShapeColumn, 'type' | 'kind'> & { dialect: Dialect; codec: Codec }

/**
 * What the library reads from the cell. Unknown for a column that the library would have declared otherwise: its application then
 * reads it in a way of its own.
 */
export function readingOf(writer: Writer, column: ReadColumn, cell: Cell): Reading {
  if (writer === 'unknown' || writer === 'django') return unknown
  if (cell === null) return nothing
  const { codec, dialect, kind, type } = column
  if (isNative(codec)) return nativeReading(cell, codec)
  if (codec.kind === 'boolean') return isBooleanOf[writer](column) ? booleans[writer](cell, dialect) : unknown
  const isDatetime = codec.kind === 'moment' && codec.shape.of === 'datetime' && kind === 'datetime'
  return isDatetime && dialect === 'sqlite' ? readDatetime(writer, type, cell) : unknown
}

/** In a server's own type stands what the library has written, or what the server has made of it. */
function nativeReading(cell: Cell, codec: Codec): Reading {
  const meaning = decode(cell, codec)
  if (meaning.kind === 'boolean') return truth(meaning.value)
  if (meaning.kind === 'moment') return { how: 'written', sense: meaning, older: null }
  return unknown
}

type Known = Exclude<Writer, 'unknown' | 'django'>

/** Whether the library itself declares its booleans so. */
const isBooleanOf: Record<Known, (column: ReadColumn) => boolean> = {
  sqlalchemy: ({ kind, type }) => kind === 'boolean' || /^tinyint\(1\)/i.test(type),
  pydal: ({ type }) => /^char(acter)? ?\(1\)/i.test(type),
  gorm: ({ kind, type }) => kind === 'boolean' || /^(numeric|tinyint\(1\))/i.test(type),
}

const booleans: Record<Known, (cell: Exclude<Cell, null>, dialect: Dialect) => Reading> = {
  /** Any value that is neither zero nor empty is true, also 'F' and the byte 00: tried on SQLite. */
  sqlalchemy(cell, dialect) {
    if (cell === 1n || cell === 0n) return truth(cell === 1n)
    if (dialect !== 'sqlite') return unknown
    if (typeof cell === 'string' || cell instanceof Uint8Array) return truth(cell.length > 0)
    return truth(cell !== 0)
  },
  /** `value == 'T' or str(value)[:1].lower() == 't'`: of bytes Python's str() begins with a b. */
  pydal: (cell) => truth(typeof cell === 'string' && cell.slice(0, 1).toLowerCase() === 't'),
  gorm(cell, dialect) {
    if (cell === 1n || cell === 0n) return truth(cell === 1n)
    if (dialect !== 'sqlite') return unknown
    if (cell === 'T' || cell === 't' || cell === 'true') return truth(true)
    if (cell === 'F' || cell === 'f' || cell === 'false') return truth(false)
    return cell === 2n || cell === '' || cell === 'Y' ? fails : unknown
  },
}

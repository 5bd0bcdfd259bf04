// Values on their way out of the server: the bytes of the text protocol become cells by the type that the server names.
import { isUtf8 } from 'node:buffer'
import type { FieldPacket } from 'mysql2'
import type { Cell } from '../../../shared/cell.ts'

/** Numbers of types in column definitions (MySQL documentation, "Protocol::ColumnDefinition41"). */
const WHOLE = new Set([1, 2, 3, 8, 9]) // TINY, SHORT, LONG, LONGLONG, INT24
const FLOATING = new Set([4, 5]) // FLOAT, DOUBLE
const BYTES = new Set([16, 242, 255]) // BIT, VECTOR, GEOMETRY
/** Text whatever its character set says: dates, times and decimals say `binary`, and so does JSON. */
const TEXT = new Set([0, 7, 10, 11, 12, 13, 14, 17, 18, 19, 245, 246])
const BINARY_CHARSET = 63

type Decode = (bytes: Buffer) => Cell

/**
 * Whole numbers are bigint, FLOAT and DOUBLE are numbers (select a FLOAT as `stored()` of the dialect says: the server
 * writes six digits of it otherwise), binary is bytes, everything else is the server's own text.
 */
export function decoderOf(field: Pick<FieldPacket, 'columnType' | 'characterSet' | 'extendedTypeName'>): Decode {
  const type = field.columnType ?? -1
  if (WHOLE.has(type)) return (bytes) => BigInt(bytes.toString('latin1'))
  if (FLOATING.has(type)) return (bytes) => Number(bytes.toString('latin1'))
  if (BYTES.has(type)) return ownBytes
  if (TEXT.has(type)) return (bytes) => bytes.toString('utf8')
  // MariaDB's own types are text that is marked as binary.
  const isNamed = /^(uuid|inet4|inet6)$/.test(field.extendedTypeName ?? '')
  return field.characterSet === BINARY_CHARSET && !isNamed ? ownBytes : textOrBytes
}

/** Text that is not valid stays bytes: it would become U+FFFD, and the stored value could not be told from it any more. */
const textOrBytes: Decode = (bytes) => (isUtf8(bytes) ? bytes.toString('utf8') : ownBytes(bytes))

/** A copy, so that one small value does not keep the whole packet it came in. */
const ownBytes: Decode = (bytes) => new Uint8Array(bytes)

export function toRows(rows: (Buffer | null)[][], fields: readonly FieldPacket[]): Cell[][] {
  const decoders = fields.map(decoderOf)
  return rows.map((row) => row.map((bytes, index) => (bytes === null ? null : (decoders[index] as Decode)(bytes))))
}

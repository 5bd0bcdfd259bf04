// Which whole numbers fit a column, by its declared type and the engine that keeps it.
import type { Dialect } from './profiles.ts'

/** Bytes of the types that hold whole numbers, by the first word of the declared type. */
const SIZES: Readonly<Record<Dialect, Readonly<Record<string, number>>>> = {
  // Any column of SQLite holds 64 bits, whatever type it was declared with.
  sqlite: {},
  postgres: {
    smallint: 2,
    int2: 2,
    smallserial: 2,
    integer: 4,
    int: 4,
    int4: 4,
    serial: 4,
    bigint: 8,
    int8: 8,
    bigserial: 8,
  },
  mysql: { tinyint: 1, smallint: 2, mediumint: 3, int: 4, integer: 4, bigint: 8, year: 2 },
}

export interface IntegerRange {
  min: bigint
  max: bigint
}

/** Both ends included. 64 bits with a sign for a type that is no whole number; with the sign bit beside it on MySQL. */
export function integerRange(dialect: Dialect, declared: string): IntegerRange {
  const type = declared.toLowerCase()
  const bytes = SIZES[dialect][/^[a-z0-9]+/.exec(type)?.[0] ?? ''] ?? 8
  const bits = BigInt(bytes * 8)
  const isUnsigned = dialect === 'mysql' && (/\b(unsigned|zerofill)\b/.test(type) || /^(bit|serial)\b/.test(type))
  return isUnsigned ? { min: 0n, max: 2n ** bits - 1n } : { min: -(2n ** (bits - 1n)), max: 2n ** (bits - 1n) - 1n }
}

// Whether a column's values fit into another type, told from the names of the two.

type Family =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'json'
  | 'bytes'
  | 'uuid'
  | 'enum'
  | 'other'

interface Kind {
  family: Family
  /** Characters, bytes, bits of an integer or of a float's digits, digits of a decimal or of a second's part. */
  size: number
  /** Of a decimal: digits behind the point. */
  scale: number
  isUnsigned: boolean
  hasZone: boolean
  /** Of an enum. */
  values: string[]
}

const NAMES: readonly [RegExp, Family, number][] = [
  [/^(?:character varying|varchar|character|char|bpchar|nvarchar|nchar|varchar2)\b/, 'text', Infinity],
  [/^(?:text|longtext|clob|citext)\b/, 'text', Infinity],
  [/^mediumtext\b/, 'text', 16_777_215],
  [/^tinytext\b/, 'text', 255],
  [/^(?:bigint|int8|bigserial|serial8)\b/, 'integer', 64],
  [/^(?:smallint|int2|smallserial|serial2|year)\b/, 'integer', 16],
  [/^mediumint\b/, 'integer', 24],
  [/^tinyint\(1\)/, 'integer', 8],
  [/^(?:tinyint|int1)\b/, 'integer', 8],
  [/^(?:integer|int4|int|serial4|serial)\b/, 'integer', 32],
  [/^(?:numeric|decimal|dec|money)\b/, 'decimal', Infinity],
  [/^(?:double precision|double|float8)\b/, 'float', 53],
  [/^(?:real|float4|float)\b/, 'float', 24],
  [/^(?:boolean|bool)\b/, 'boolean', 1],
  [/^(?:timestamp|timestamptz|datetime)\b/, 'timestamp', 6],
  [/^date\b/, 'date', 0],
  [/^(?:time|timetz)\b/, 'time', 6],
  [/^jsonb?\b/, 'json', Infinity],
  [/^(?:bytea|longblob)\b/, 'bytes', Infinity],
  [/^(?:varbinary|binary)\b/, 'bytes', Infinity],
  [/^mediumblob\b/, 'bytes', 16_777_215],
  [/^tinyblob\b/, 'bytes', 255],
  [/^blob\b/, 'bytes', 65_535],
  [/^uuid\b/, 'uuid', 16],
  [/^(?:enum|set)\b/, 'enum', 0],
]

/**
 * What of the values may be lost or be in the way, as the end of a sentence; null when every value fits. Types as the
 * catalogue or a statement writes them, in any case.
 */
export function lossOf(from: string, to: string, dialect: 'postgres' | 'mysql' | 'sqlite'): string | null {
  const [a, b] = [kindOf(from, dialect), kindOf(to, dialect)]
  if (sameText(from) === sameText(to)) return null
  if (a.family === b.family) return withinFamily(a, b)
  return acrossFamilies(a, b)
}

const sameText = (type: string) => type.toLowerCase().replace(/\s+/g, '')

function withinFamily(a: Kind, b: Kind): string | null {
  switch (a.family) {
    case 'integer':
      if (a.isUnsigned === b.isUnsigned) return b.size < a.size ? 'larger numbers do not fit' : null
      if (b.isUnsigned) return 'negative numbers do not fit'
      return b.size <= a.size ? 'larger numbers do not fit' : null
    case 'decimal':
      if (b.scale < a.scale) return 'digits behind the point are cut'
      return b.size - b.scale < a.size - a.scale ? 'larger numbers do not fit' : null
    case 'float':
      return b.size < a.size ? 'digits are lost' : null
    case 'timestamp':
    case 'time':
      if (b.size < a.size) return 'parts of a second are cut'
      return a.hasZone && !b.hasZone ? 'the zone is lost' : null
    case 'enum': {
      const gone = a.values.filter((value) => !b.values.includes(value))
      return gone.length > 0 ? `${gone.map((value) => `"${value}"`).join(', ')} cannot be stored any more` : null
    }
    case 'text':
    case 'bytes':
      return b.size < a.size ? 'longer values are cut or make the statement fail' : null
    case 'other':
      return 'values that do not fit make the statement fail or are changed'
    default:
      return null
  }
}

const MAY_FAIL = 'values that do not fit make the statement fail or are changed'

function acrossFamilies(a: Kind, b: Kind): string | null {
  if (b.family === 'text') return b.size < lengthOf(a) ? 'longer values are cut or make the statement fail' : null
  if (a.family === 'integer' && b.family === 'decimal') {
    return b.size - b.scale < digitsOf(a.size) ? 'larger numbers do not fit' : null
  }
  if (a.family === 'integer' && b.family === 'float') return a.size > b.size ? 'digits of large numbers are lost' : null
  if (a.family === 'integer' && b.family === 'boolean') return 'every number but 0 and 1 is lost'
  if (a.family === 'boolean' && b.family === 'integer') return null
  if (a.family === 'decimal' && b.family === 'integer') return 'digits behind the point are lost'
  if (a.family === 'decimal' && b.family === 'float') return 'digits are lost'
  if (a.family === 'float') return b.family === 'decimal' || b.family === 'integer' ? 'digits are lost' : MAY_FAIL
  if (a.family === 'timestamp' && b.family === 'date') return 'the time of day is lost'
  if (a.family === 'timestamp' && b.family === 'time') return 'the date is lost'
  if (a.family === 'date' && b.family === 'timestamp') return null
  return MAY_FAIL
}

/** Decimal digits of the largest number. */
const digitsOf = (bits: number) => Math.ceil(bits * Math.log10(2))

/** Characters that the longest value needs as text. */
function lengthOf({ family, size, values }: Kind): number {
  switch (family) {
    case 'integer':
      return digitsOf(size) + 1
    case 'decimal':
      return size + 2
    case 'boolean':
      return 5
    case 'date':
      return 10
    case 'uuid':
      return 36
    case 'enum':
      return Math.max(0, ...values.map(({ length }) => length))
    case 'time':
      return 15
    case 'timestamp':
    case 'float':
      return 32
    default:
      return Infinity
  }
}

function kindOf(written: string, dialect: 'postgres' | 'mysql' | 'sqlite'): Kind {
  const type = written.trim().toLowerCase()
  const [, family, size] = NAMES.find(([name]) => name.test(type)) ?? [null, 'other' as const, 0]
  const given = /\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/.exec(type)
  const isText = family === 'text' || family === 'bytes'
  const isDigits = family === 'decimal' || family === 'timestamp' || family === 'time'
  const first = given?.[1] === undefined ? null : Number(given[1])
  return {
    family,
    size: first !== null && (isText || isDigits) ? first : standardSize(type, family, size, dialect),
    scale:
      family === 'decimal'
        ? given?.[2] === undefined
          ? first === null && dialect !== 'mysql'
            ? Infinity
            : 0
          : Number(given[2])
        : 0,
    isUnsigned: /\bunsigned\b/.test(type),
    hasZone: /\bwith time zone\b|^(?:timestamptz|timetz)\b/.test(type),
    values: family === 'enum' ? [...written.matchAll(/'((?:[^']|'')*)'/g)].map(([, value = '']) => value) : [],
  }
}

/** What a type without brackets holds. */
function standardSize(type: string, family: Family, size: number, dialect: string): number {
  if (/^(?:character|char|nchar|binary)$/.test(type)) return 1
  if (dialect === 'mysql') {
    if (/^(?:timestamp|datetime|time)\b/.test(type)) return 0
    if (family === 'decimal') return 10
    if (/^text\b/.test(type)) return 65_535
    if (/^longtext\b/.test(type)) return 4_294_967_295
  }
  return size
}

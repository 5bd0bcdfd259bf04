// What PostgreSQL's types mean for reading, editing and sorting. Types go by the name that format_type gives without a
// length; a domain has the kind of the type it stands on.
import type { ColumnKind } from '../../../shared/tables.ts'

const KINDS: Record<string, ColumnKind> = {
  smallint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  oid: 'integer',
  real: 'real',
  'double precision': 'real',
  numeric: 'decimal',
  boolean: 'boolean',
  text: 'text',
  'character varying': 'text',
  character: 'text',
  bpchar: 'text',
  '"char"': 'text',
  name: 'text',
  citext: 'text',
  uuid: 'text',
  date: 'date',
  'timestamp without time zone': 'datetime',
  'timestamp with time zone': 'datetime',
  'time without time zone': 'time',
  'time with time zone': 'time',
  bytea: 'binary',
}

/** `base`: what the column's type is in the end, behind all domains. */
export function kindOf(base: { type: string; isEnum: boolean }): ColumnKind {
  return base.isEnum ? 'text' : (KINDS[base.type] ?? 'other')
}

/** Of kind `other`, and still with a default order: an index of them can be read in the order of ORDER BY. */
const ORDERED: ReadonlySet<string> = new Set([
  'bit',
  'bit varying',
  'cidr',
  'daterange',
  'hstore',
  'inet',
  'int4multirange',
  'int4range',
  'int8multirange',
  'int8range',
  'datemultirange',
  'nummultirange',
  'numrange',
  'tsmultirange',
  'tsrange',
  'tstzmultirange',
  'tstzrange',
  'interval',
  'jsonb',
  'ltree',
  'macaddr',
  'macaddr8',
  'money',
  'pg_lsn',
  'tsquery',
  'tsvector',
  'xid8',
])

/** The type without its length, and without the brackets of an array. */
export function bareType(type: string): string {
  const [, name = type, rest = ''] = /^("(?:[^"]|"")*"|[^("[]+)(?:\([^)]*\)([^[]*))?/.exec(type) ?? []
  // "timestamp(3) without time zone": the length stands in the middle.
  return rest.trim() === '' ? name.trim() : `${name.trim()} ${rest.trim()}`
}

/**
 * Whether `<` and `=` are there for the type. Of what is not known here (composite types, domains over odd ones, types of
 * extensions) it is not claimed: json, xml and the geometric types among them would make the whole query fail.
 */
export function isOrdered({ type, kind }: { type: string; kind: ColumnKind }): boolean {
  if (kind !== 'other') return true
  const bare = bareType(type)
  return ORDERED.has(bare) || (type.endsWith('[]') && bare in KINDS)
}

/** Characters that a type with a length allows, from its modifier in the catalogue (-1 for none); null when unlimited. */
export function maxLengthOf(type: string, modifier: number): number | null {
  const hasLength = type === 'character varying' || type === 'character' || type === 'bpchar'
  // The modifier counts four bytes of a header that is history.
  return hasLength && modifier >= 4 ? modifier - 4 : null
}

// What a declared type means. Both servers spell types in lower case: `int(11) unsigned` on MariaDB, `int unsigned` on MySQL 8.
import type { ColumnKind } from '../../../shared/tables.ts'

/** How values of a type are read, compared and written; see `sql.ts`. */
export type Family =
  | 'whole'
  | 'float'
  | 'double'
  | 'decimal'
  | 'bit'
  | 'time'
  | 'year'
  | 'text'
  | 'enum'
  | 'set'
  | 'json'
  | 'binary'
  | 'shape'

const FAMILIES: Record<Family, string[]> = {
  whole: ['tinyint', 'smallint', 'mediumint', 'int', 'bigint'],
  float: ['float'],
  double: ['double'],
  decimal: ['decimal'],
  bit: ['bit'],
  time: ['date', 'datetime', 'timestamp', 'time'],
  year: ['year'],
  // The last three are MariaDB's own, and come as text.
  text: ['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'uuid', 'inet4', 'inet6'],
  enum: ['enum'],
  set: ['set'],
  json: ['json'],
  binary: ['binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob', 'vector'],
  shape: [
    ...['geometry', 'point', 'linestring', 'polygon', 'multipoint', 'multilinestring', 'multipolygon'],
    ...['geometrycollection', 'geomcollection'],
  ],
}
const BY_NAME = new Map(
  Object.entries(FAMILIES).flatMap(([family, names]) => names.map((name) => [name, family as Family])),
)

export const nameOf = (type: string) => /^\s*([a-z0-9]+)/i.exec(type)?.[1]?.toLowerCase() ?? ''

/** A type that is not known is taken for text: its values come as the server writes them. */
export const familyOf = (type: string): Family => BY_NAME.get(nameOf(type)) ?? 'text'

const KINDS: Record<Family, ColumnKind> = {
  whole: 'integer',
  float: 'real',
  double: 'real',
  decimal: 'decimal',
  bit: 'binary',
  time: 'datetime',
  // Its values are the server's text ('2024', '0000'), as a date's are.
  year: 'text',
  text: 'text',
  enum: 'text',
  set: 'text',
  json: 'text',
  binary: 'binary',
  shape: 'other',
}

/** `type` as information_schema spells it. BOOLEAN is `tinyint(1)` to both servers; MySQL 8 keeps that one width. */
export function kindOf(type: string): ColumnKind {
  if (/^(tinyint|bit)\(1\)/i.test(type)) return 'boolean'
  const name = nameOf(type)
  if (name === 'date' || name === 'time') return name
  return BY_NAME.has(name) ? KINDS[familyOf(type)] : 'other'
}

/** The members of `enum('a','it''s')`, in their order; also of a set. */
export function membersOf(type: string): string[] {
  return [...type.matchAll(/'((?:[^']|'')*)'/g)].map((found) => (found[1] ?? '').replaceAll("''", "'"))
}

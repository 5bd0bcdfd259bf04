// What the built-in steps make, as data to compare with; `compare.test.ts` holds it to what they really make.
import type { Dialect } from '../../../shared/profiles.ts'

export interface StandardColumn {
  name: string
  kind: 'key' | 'text' | 'boolean' | 'moment'
  /** The declared type, in the words of `normalType`. */
  types: Readonly<Record<Dialect, string>>
  isNullable: boolean
  isUnique: boolean
  /** True where the server fills in a value that stands for true. */
  isTrueByDefault: boolean
  /** Characters that the shortest value which Roster writes needs. */
  needs: number
  /** How knex's schema builder makes the column in a table that has rows already. */
  knex: string
}

const text = (length: number) => ({
  sqlite: `varchar(${length})`,
  postgres: `character varying(${length})`,
  mysql: `varchar(${length})`,
})
const plain = { isNullable: true, isUnique: false, isTrueByDefault: false, needs: 0 }

export const STANDARD_TABLE = 'auth_user'

export const STANDARD_COLUMNS: readonly StandardColumn[] = [
  {
    ...plain,
    name: 'id',
    kind: 'key',
    types: { sqlite: 'integer', postgres: 'integer', mysql: 'int unsigned' },
    isNullable: false,
    knex: '',
  },
  {
    ...plain,
    name: 'email',
    kind: 'text',
    types: text(255),
    isNullable: false,
    isUnique: true,
    knex: "table.string('email', 255)",
  },
  // The shortest hash that Roster writes is bcrypt's.
  {
    ...plain,
    name: 'password',
    kind: 'text',
    types: text(255),
    needs: 60,
    knex: "table.string('password', 255)",
  },
  {
    ...plain,
    name: 'active',
    kind: 'boolean',
    types: { sqlite: 'boolean', postgres: 'boolean', mysql: 'tinyint(1)' },
    isTrueByDefault: true,
    knex: "table.boolean('active').defaultTo(true)",
  },
  {
    ...plain,
    name: 'fs_uniquifier',
    kind: 'text',
    types: text(64),
    isUnique: true,
    needs: 32,
    knex: "table.string('fs_uniquifier', 64)",
  },
  {
    ...plain,
    name: 'confirmed_at',
    kind: 'moment',
    types: { sqlite: 'datetime', postgres: 'timestamp without time zone', mysql: 'datetime(6)' },
    knex: "table.datetime('confirmed_at', { useTz: false, precision: 6 })",
  },
]

/** By the step's key: the columns of the index on `auth_user` that it makes. */
export const STANDARD_INDEXES: ReadonlyMap<string, readonly string[]> = new Map([
  ['002-index-auth-user-active', ['active', 'id']],
  ['003-index-auth-user-confirmed-at', ['confirmed_at', 'id']],
])

/** Spellings of one type alike: case, MariaDB's display widths, and the six digits that PostgreSQL keeps anyway. */
export function normalType(type: string): string {
  return type
    .trim()
    .toLowerCase()
    .replace(/^timestamp\(6\)/, 'timestamp')
    .replace(/^((?:small|medium|big)?int)\(\d+\)/, '$1')
}

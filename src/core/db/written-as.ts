// Whether a value is written as a codec writes: what is the same in every dialect.
import type { Knex } from 'knex'
import { BOOLEANS, isNative } from '../../shared/codecs.ts'
import type { Writing } from '../../shared/filters.ts'
import type { MomentShape } from '../../shared/moments.ts'
import type { SqlColumn, SqlDialect } from './sql-dialect.ts'

interface Tests {
  moment(shape: MomentShape): Knex.Raw
  hex(digits: number): Knex.Raw
  number(storage: 'integer' | 'real'): Knex.Raw
}

/** True for exactly the values that `isForeign` does not name; those of a server's own type cannot be foreign. */
export function writtenAs(
  { knex, same }: Pick<SqlDialect, 'knex' | 'same'>,
  column: SqlColumn,
  writing: Writing,
  tests: Tests,
): Knex.Raw {
  if (writing.kind === 'hex') return tests.hex(writing.digits)
  if (isNative(writing)) return knex.raw('1 = 1')
  if (writing.kind === 'moment') return tests.moment(writing.shape)
  if (writing.kind === 'number') return tests.number(writing.storage)
  const spellings = BOOLEANS[writing.spelling].map((value) => same(column, value))
  return knex.raw('(? or ?)', spellings)
}

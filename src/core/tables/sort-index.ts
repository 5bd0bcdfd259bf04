// The index that would serve sorting by a column, as the text of a migration.
import { createHash } from 'node:crypto'
import type { Dialect } from '../../shared/profiles.ts'
import type { SortCost } from '../../shared/tables.ts'
import type { TableShape } from '../db/database.ts'
import { columnOf, toStatement } from '../db/query.ts'
import { sqlDialects } from '../db/sql-dialects.ts'
import { plainName } from '../db/identifiers.ts'

/** Letters (bytes) of an index's name at most. */
const LONGEST_NAME: Record<Dialect, number> = { sqlite: 200, postgres: 63, mysql: 64 }
/** Bytes of an index's columns at most (InnoDB), and of one letter. */
const LONGEST_KEY = 3072
const LETTER = 4

/** The column, then the key, so that equal values stay in the order of the key; null where the engine can make none. */
export function indexFor(dialect: Dialect, shape: TableShape, column: string): SortCost['createIndex'] {
  if (shape.kind === 'view' || shape.key.length === 0) return null
  const columns = [...new Set([column, ...shape.key])]
  if (dialect === 'mysql' && !columns.every((name) => isShort(shape, name))) return null
  const name = indexName(dialect, shape, columns)
  const sql = sqlDialects[dialect]
  const text = (words: string, values: readonly string[]) => toStatement(sql.knex.raw(words, [...values])).sql
  const table = sql.table(shape.name)
  const list = columns.map(() => '??').join(', ')
  const names = columns.map(plainName)
  const title = `index ${shape.name} by ${column}`
  switch (dialect) {
    case 'postgres': {
      // While it is built others may write; such a statement runs in no transaction.
      const alone = '-- roster: no transaction\n'
      const schema = table.includes('.') ? `${table.slice(0, table.indexOf('.'))}.` : ''
      return {
        title,
        up: `${alone}${text(`create index concurrently ?? on ?? (${list})`, [plainName(name), table, ...names])};\n`,
        down: `${alone}${text('drop index concurrently ??', [`${schema}${plainName(name)}`])};\n`,
      }
    }
    case 'mysql':
      return {
        title,
        up: `${text(`create index ?? on ?? (${list})`, [plainName(name), table, ...names])};\n`,
        down: `${text('drop index ?? on ??', [plainName(name), table])};\n`,
      }
    case 'sqlite':
      return {
        title,
        up: `${text(`create index ?? on ?? (${list})`, [plainName(name), table, ...names])};\n`,
        down: `${text('drop index ??', [plainName(name)])};\n`,
      }
  }
}

/** As knex names indexes, shortened where the engine would cut or refuse it. */
function indexName(dialect: Dialect, shape: TableShape, columns: readonly string[]): string {
  const table = sqlDialects[dialect].table(shape.name).split('.').at(-1) ?? shape.name
  const whole = [table, ...columns, 'index']
    .join('_')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_]+/gu, '_')
  if (Buffer.byteLength(whole) <= LONGEST_NAME[dialect]) return whole
  const sign = createHash('sha256').update(whole).digest('hex').slice(0, 8)
  const room = LONGEST_NAME[dialect] - 15
  return `${Buffer.from(whole)
    .subarray(0, room)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')}_${sign}_index`
}

/** MySQL indexes long text by its beginning alone, which gives no order. */
function isShort(shape: TableShape, name: string): boolean {
  const { type } = columnOf(shape, name)
  if (/^(tiny|medium|long)?(text|blob)|^json|^(var)?binary|geometry|point|polygon|linestring|^vector/i.test(type)) {
    return false
  }
  const maxLength = shape.columns.find((column) => column.name === name)?.maxLength ?? 0
  return maxLength * LETTER < LONGEST_KEY
}

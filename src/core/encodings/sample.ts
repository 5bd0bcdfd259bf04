// Values of a table to find out how its columns are written: the first 500 rows by key, the last 500, and 1,000 at random.
// Every row is reached by a search of the key's index, so that ten million rows cost what a thousand do.
import type { Knex } from 'knex'
import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { Cell } from '../../shared/cell.ts'
import type { Database, ShapeColumn, Statement, TableShape } from '../db/database.ts'
import type { SqlColumn, SqlDialect } from '../db/sql-dialect.ts'
import { columnOf, toStatement } from '../db/query.ts'

/** Rows read from each end. */
const EDGE = 500
/** Rows read at random. */
const RANDOM = 1000
/** Searches in one statement. SQLite joins at most 500 by UNION ALL. */
const TOGETHER = 250
/** Bytes of a value that are read: the longest date has 40. */
const BYTES = 256

/** The values of each column, NULLs left out, in no order. Without a key only the first rows of any order are read. */
export async function sampleValues(
  database: Database,
  dialect: SqlDialect,
  shape: TableShape,
  columns: readonly ShapeColumn[],
  signal: AbortSignal,
): Promise<Map<string, Cell[]>> {
  const sample = new Map<string, Cell[]>(columns.map(({ name }) => [name, []]))
  if (columns.length === 0) return sample
  const scope: Scope = {
    dialect,
    table: dialect.table(shape.name),
    columns: columns.map(({ name }) => columnOf(shape, name)),
    key: shape.key.map((name) => columnOf(shape, name)),
  }
  const take = async (statement: Statement): Promise<Cell[][]> => {
    const { rows } = await database.read(statement, signal)
    for (const row of rows) {
      columns.forEach(({ name }, index) => {
        const cell = row[index] ?? null
        if (cell !== null) sample.get(name)?.push(cell)
      })
    }
    return rows
  }
  const { key } = scope
  const [firstKey] = key
  if (!firstKey) {
    await take(toStatement(valuesOf(scope, dialect.knex(scope.table)).limit(EDGE)))
    return sample
  }
  const first = await take(edge(scope, firstKey, 'asc'))
  if (first.length < EDGE) return sample
  const last = await take(edge(scope, firstKey, 'desc'))
  const ends = [first, last].map((rows) => rows[0]?.[columns.length] ?? null) as [Cell, Cell]
  // Most keys are numbers without many gaps: then most numbers are keys, and one look finds enough rows.
  const [low, high] = ends
  if (key.length === 1 && typeof low === 'bigint' && typeof high === 'bigint') {
    const numbers = Array.from({ length: RANDOM }, () => numberBetween(low, high, true))
    const found = await take(withKeys(scope, firstKey, numbers))
    if (found.length >= RANDOM / 2) return sample
  }
  const places = placesBetween(firstKey, ...ends)
  for (let from = 0; from < places.length; from += TOGETHER) {
    await take(atPlaces(scope, firstKey, places.slice(from, from + TOGETHER)))
  }
  return sample
}

interface Scope {
  dialect: SqlDialect
  table: string
  columns: readonly SqlColumn[]
  key: readonly SqlColumn[]
}

function valuesOf({ dialect, columns }: Scope, query: Knex.QueryBuilder): Knex.QueryBuilder {
  return query.select(
    columns.map((column, index) => dialect.knex.raw('? as ??', [dialect.beginning(column, BYTES), `roster:v${index}`])),
  )
}

/** Values from one end, and behind them the key's first column. */
function edge(scope: Scope, firstKey: SqlColumn, way: 'asc' | 'desc'): Statement {
  const { dialect, key } = scope
  const query = valuesOf(scope, dialect.knex(scope.table))
  void query.select(dialect.knex.raw('? as ??', [dialect.stored(firstKey), 'roster:key']))
  for (const { name } of key) void query.orderBy(name, way)
  return toStatement(query.limit(EDGE))
}

/** Values of the rows with these keys. */
function withKeys(scope: Scope, firstKey: SqlColumn, keys: readonly Cell[]): Statement {
  const { dialect, table } = scope
  const list = keys.map(() => '?').join(', ')
  const values = keys.map((key) => dialect.value(firstKey, key))
  return toStatement(
    valuesOf(scope, dialect.knex(table)).where(dialect.knex.raw(`?? in (${list})`, [firstKey.name, ...values])),
  )
}

/** Values of the rows whose keys come next after the given places. */
function atPlaces(scope: Scope, firstKey: SqlColumn, places: readonly Cell[]): Statement {
  const { dialect, table, key } = scope
  const { knex } = dialect
  const next = places.map((place, number) => {
    const query = knex(table).select(key.map(({ name }, index) => knex.raw('?? as ??', [name, `roster:k${index}`])))
    void query.where(knex.raw('?? >= ?', [firstKey.name, dialect.value(firstKey, place)]))
    for (const { name } of key) void query.orderBy(name)
    return knex.select('*').from(query.limit(1).as(`roster${number}`))
  })
  const [one, ...more] = next as [Knex.QueryBuilder, ...Knex.QueryBuilder[]]
  const keys = more.length === 0 ? one : one.unionAll(more)
  // CROSS JOIN keeps SQLite from scanning the table to look up the places.
  const rows = knex.from(keys.as('roster_places')).crossJoin(knex.raw('??', [table]))
  key.forEach(({ name }, index) => void rows.where(knex.raw('?? = ??', [name, `roster:k${index}`])))
  return toStatement(valuesOf(scope, rows))
}

/** Places between the first and the last value of the key; none for a type that is neither whole numbers nor text. */
export function placesBetween(column: Pick<SqlColumn, 'kind' | 'type'>, first: Cell, last: Cell): Cell[] {
  const each = (place: () => Cell) => Array.from({ length: RANDOM }, place)
  if (/^uuid$/i.test(column.type) && column.kind !== 'integer') return each(() => randomUUID())
  if (typeof first === 'bigint' && typeof last === 'bigint') {
    let isEven = false
    return each(() => {
      isEven = !isEven
      return numberBetween(first, last, isEven)
    })
  }
  if (typeof first === 'string' && typeof last === 'string' && column.kind === 'text') {
    const start = commonStart(first, last)
    return each(() => start + textOfLetters(6))
  }
  return []
}

/** `isEven`: each number as likely as any other. Otherwise each size: one huge key far off does not hide all others. */
function numberBetween(first: bigint, last: bigint, isEven: boolean): bigint {
  const span = last - first + 1n
  if (span <= 1n) return first
  const random = BigInt(`0x${randomBytes(10).toString('hex')}`)
  const bits = BigInt(randomInt(span.toString(2).length)) + 1n
  const reach = isEven ? span : 1n << bits
  return first + (random % (reach < span ? reach : span))
}

function commonStart(a: string, b: string): string {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return a.slice(0, length)
}

const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz'

function textOfLetters(length: number): string {
  return Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('')
}

// Reads two tables of users once and says who is on both, who differs and who is on one side alone.
import { MOST_COMPARED, type Comparison } from '../../shared/compare.ts'
import { columnOf, toStatement } from '../db/query.ts'
import { Refusal } from '../refusal.ts'
import { pairColumns } from './column-pairs.ts'
import { listPairs, type Listed } from './list-pairs.ts'
import { Matching, type SideName } from './matching.ts'
import { readPages } from './read-pages.ts'
import { canonOf } from './sense.ts'
import { textIn, type Side } from './side.ts'

/** Milliseconds between two states. */
const PACE = 100
/** Answers with the first pairs of each kind by email. Throws TOO_MANY_ROWS. */
export async function compareRows(
  sides: Record<SideName, Side>,
  push: (state: Comparison) => void,
  signal: AbortSignal,
): Promise<Listed> {
  const { left, right } = sides
  const pairs = pairColumns(left, right).pairs.slice(1)
  const compared = pairs.filter(({ leftOut }) => leftOut === null)
  const matching = new Matching(compared.length)
  const read = { left: 0, right: 0 }
  const [ofLeft, ofRight] = await Promise.all([countOf(left, signal), countOf(right, signal)])
  const of = { left: ofLeft.rows, right: ofRight.rows }
  matching.unpaired.left += ofLeft.rows - ofLeft.named
  matching.unpaired.right += ofRight.rows - ofRight.named
  let toldAt = 0
  const tell = (isDone: boolean, alike = { left: 0, right: 0 }) =>
    push({
      ...{ read: { ...read }, of, isDone, alike },
      counts: matching.counts,
      unpaired: { ...matching.unpaired },
    })
  tell(false)
  const failed = new AbortController()
  const until = AbortSignal.any([signal, failed.signal])
  const take = async (name: SideName) => {
    const side = sides[name]
    read[name] = of[name] - (name === 'left' ? ofLeft : ofRight).named
    const width = side.shape.key.length
    const canons = compared.map((pair) => canonOf(pair, { left: left.user, right: right.user }))
    const columns = [side.user.email, ...compared.map((pair) => pair[name].name)]
    for await (const rows of readPages(side, columns, until)) {
      for (const row of rows) {
        const canon = (column: number) => canons[column]?.(name, row[width + 1 + column] ?? null) ?? ''
        matching.add(name, textIn(row[width]), row.slice(0, width), canon)
      }
      read[name] += rows.length
      if (read[name] > MOST_COMPARED) throw tooMany(side, read[name])
      if (performance.now() - toldAt < PACE) continue
      toldAt = performance.now()
      tell(false)
    }
  }
  const readBoth = (['left', 'right'] as const).map((name) =>
    take(name).catch((error: unknown) => {
      failed.abort(error)
      throw error
    }),
  )
  try {
    await Promise.all(readBoth)
  } finally {
    // Nothing is read behind the back of who hears of an error.
    await Promise.allSettled(readBoth)
  }
  const { listed, alike } = await listPairs(
    matching,
    compared.map((pair) => pair.left.name),
    signal,
  )
  // Rows came or went while they were read.
  of.left = read.left
  of.right = read.right
  tell(true, alike)
  return listed
}

function tooMany({ name, shape }: Side, rows: number): Refusal {
  const words = `${shape.name} of ${name} has ${rows.toLocaleString('en-US')} rows; up to ${MOST_COMPARED.toLocaleString('en-US')} can be compared.`
  return new Refusal('TOO_MANY_ROWS', words, { table: shape.name, rows })
}

/** `named`: rows without NULL in their key. */
async function countOf(side: Side, signal: AbortSignal): Promise<{ rows: number; named: number }> {
  const { dialect, shape, database } = side
  const open = shape.key.filter((name) => shape.columns.find((column) => column.name === name)?.isNullable)
  const isNamed = open.map((name) => dialect.knex.raw('?? is not null', [columnOf(shape, name).name]))
  const named = dialect.knex.raw(
    isNamed.length === 0
      ? 'count(*)'
      : `coalesce(sum(case when ${isNamed.map(() => '?').join(' and ')} then 1 else 0 end), 0)`,
    isNamed,
  )
  const query = dialect.knex(dialect.table(shape.name)).select(dialect.knex.raw('count(*)'), named)
  const [row] = (await database.read(toStatement(query), signal, { isLong: true })).rows
  const found = { rows: Number(row?.[0] ?? 0), named: Number(row?.[1] ?? 0) }
  if (found.rows > MOST_COMPARED) throw tooMany(side, found.rows)
  return found
}

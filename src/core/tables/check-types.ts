// Values that the database would not read as the type of their column, tried out where that changes nothing.
import type { Cell } from '../../shared/cell.ts'
import type { Problem } from '../../shared/table-saves.ts'
import type { Change } from '../../shared/tables.ts'
import type { ShapeColumn } from '../db/database.ts'
import { columnOf, toStatement } from '../db/query.ts'
import { isWriting, type Looking } from './check-look.ts'
import { textOf } from './read-rows.ts'

/** Values tried out in one statement, and statements at most. */
const AT_ONCE = 100
const MOST_TRIES = 200

interface Trial {
  column: ShapeColumn
  value: Cell
  of: Change[]
}

export async function refusedTypes(look: Looking, changes: readonly Change[]): Promise<Problem[]> {
  const trials = trialsOf(look, changes)
  const refused = await (look.database.dialect === 'postgres' ? triedOnPostgres : toldElsewhere)(look, trials)
  return refused.flatMap(({ column: { name, type }, value, of }) =>
    of.map(({ id }) => ({
      changeId: id,
      column: name,
      kind: 'type' as const,
      words: `${typeof value === 'string' ? `“${value.slice(0, 80)}”` : 'The value'} is nothing that ${name} can hold (${type || 'a whole number'}).`,
      holder: null,
      otherId: null,
    })),
  )
}

/** Each value once, of columns that do not take any text. */
function trialsOf({ shape, isWrong }: Looking, changes: readonly Change[]): Trial[] {
  const columns = new Map(shape.columns.map((column) => [column.name, column]))
  const trials = new Map<string, Trial>()
  for (const change of changes.filter(isWriting)) {
    for (const [name, value] of Object.entries(change.values)) {
      const column = columns.get(name)
      if (!column || value === null || isWrong(change, name) || takesAny(column)) continue
      // Its range was looked at.
      if (typeof value === 'bigint' && column.kind === 'integer') continue
      const address = `${name} ${textOf(value)}`
      const trial = trials.get(address)
      if (trial) trial.of.push(change)
      else trials.set(address, { column, value, of: [change] })
    }
  }
  return [...trials.values()]
}

const takesAny = ({ kind, type }: ShapeColumn) =>
  kind === 'binary' || (kind === 'text' && /char|text|^"char"|^name$|clob/i.test(type))

/** A UNION takes on the type of its first part, the column's own: what is no such value fails, and is found by halving. */
async function triedOnPostgres(look: Looking, trials: readonly Trial[]): Promise<Trial[]> {
  const { dialect, shape, database, read, signal } = look
  const { knex } = dialect
  let tries = 0
  const refused: Trial[] = []
  const byColumn = Map.groupBy(trials, ({ column }) => column.name)
  for (const [name, own] of byColumn) {
    const column = columnOf(shape, name)
    const tryOut = async (part: Trial[]): Promise<void> => {
      if (part.length === 0 || (tries += 1) > MOST_TRIES) return
      const first = knex(dialect.table(shape.name))
        .select(knex.raw('??', [column.name]))
        .whereRaw('false')
      const parts = part.map(({ value }) => knex.select(knex.raw('?', [dialect.value(column, value)])))
      try {
        await read(toStatement(first.unionAll(parts)))
      } catch (error) {
        signal.throwIfAborted()
        if (database.constraint(error)?.kind !== 'type') throw error
        if (part.length === 1) return void refused.push(...part)
        const middle = Math.ceil(part.length / 2)
        await tryOut(part.slice(0, middle))
        await tryOut(part.slice(middle))
      }
    }
    for (let start = 0; start < own.length; start += AT_ONCE) await tryOut(own.slice(start, start + AT_ONCE))
  }
  return refused
}

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i

/** MySQL reads numbers and members of lists as SQL says; SQLite refuses only what is no row id. */
function toldElsewhere({ database }: Looking, trials: readonly Trial[]): Promise<Trial[]> {
  const isMysql = database.dialect === 'mysql'
  return Promise.resolve(
    trials.filter(({ column, value }) => {
      if (!isMysql) return column.isAutomatic && column.keyPosition > 0 && typeof value !== 'bigint' && !isWhole(value)
      if (typeof value !== 'string') return false
      if (['integer', 'decimal', 'real'].includes(column.kind)) return !NUMBER.test(value)
      const members = /^enum\(/i.test(column.type) ? [...column.type.matchAll(/'((?:[^']|'')*)'/g)] : null
      // Members are compared by the column's collation, without blanks at the end.
      const given = value.trimEnd().toLowerCase()
      const isMember = members?.some(([, member = '']) => member.replaceAll("''", "'").toLowerCase() === given)
      return members !== null && isMember !== true && !/^\d+$/.test(value)
    }),
  )
}

const isWhole = (value: Cell) => typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value)

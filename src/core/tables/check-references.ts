// Foreign keys of the table itself: values that point to no row.
import type { Cell } from '../../shared/cell.ts'
import type { Reference } from '../../shared/table-structure.ts'
import type { Problem } from '../../shared/table-saves.ts'
import type { Change } from '../../shared/tables.ts'
import type { TableShape } from '../db/database.ts'
import { columnOf, toStatement } from '../db/query.ts'
import { isWriting, type Looking, type Writing } from './check-look.ts'
import { foldTogether } from './fold.ts'
import { inQuotes } from './in-quotes.ts'
import { isOneOf } from './read-rows.ts'
import { equal } from './view-sql.ts'

const AT_ONCE = { ofOne: 500, ofSeveral: 100 }

interface Pointing {
  change: Writing
  values: Cell[]
  folded: string
}

export async function pointingNowhere(look: Looking, changes: readonly Change[]): Promise<Problem[]> {
  const { database, shape, signal } = look
  const writing = changes.filter(isWriting)
  const { references } = await database.surroundings(shape.name, signal)
  const problems: Problem[] = []
  for (const reference of references) {
    const pointing = pointingBy(look, reference, writing)
    if (pointing.length === 0) continue
    const parent = await database.describe(reference.table, signal)
    if (!parent) continue
    const there = await storedOf(look, parent, reference, pointing)
    // A row that points to another of the same save.
    if (parent.name === shape.name) {
      for (const { values } of writing) {
        const folded = foldTogether(reference.pointsTo.map((name) => values[name]))
        if (folded !== null) there.add(folded)
      }
    }
    for (const { change, values, folded } of pointing) {
      if (there.has(folded)) continue
      const what = reference.columns.map((name, index) => `${name} ${inQuotes(values[index])}`).join(', ')
      problems.push({
        changeId: change.id,
        column: reference.columns.find((name) => name in change.values) ?? null,
        kind: 'foreign-key',
        words: `${what} is in no row of ${reference.table} (${reference.pointsTo.join(', ')}).`,
        holder: null,
        otherId: null,
      })
    }
  }
  return problems
}

/** Changes that write the foreign key, all of whose values are known and not NULL. */
function pointingBy({ shape, isWrong }: Looking, { columns }: Reference, writing: readonly Writing[]): Pointing[] {
  return writing.flatMap((change) => {
    if (!columns.some((name) => name in change.values) || columns.some((name) => isWrong(change, name))) return []
    const values = columns.map((name): Cell => {
      if (name in change.values || change.kind === 'insert') return change.values[name] ?? null
      const place = shape.key.indexOf(name)
      return (place >= 0 ? change.key[place] : change.original[name]) ?? null
    })
    const folded = foldTogether(values)
    return folded === null ? [] : [{ change, values, folded }]
  })
}

async function storedOf(
  { dialect, read }: Looking,
  parent: TableShape,
  { pointsTo }: Reference,
  pointing: readonly Pointing[],
): Promise<Set<string | null>> {
  const { knex } = dialect
  const columns = pointsTo.map((name) => columnOf(parent, name))
  const distinct = [...new Map(pointing.map((one) => [one.folded, one.values])).values()]
  const atOnce = columns.length === 1 ? AT_ONCE.ofOne : AT_ONCE.ofSeveral
  const there = new Set<string | null>()
  for (let start = 0; start < distinct.length; start += atOnce) {
    const part = distinct.slice(start, start + atOnce)
    const query = knex(dialect.table(parent.name)).select(columns.map((column) => dialect.stored(column)))
    const [only] = columns
    if (only && columns.length === 1) {
      void query.where(
        isOneOf(
          dialect,
          only,
          part.map(([value = null]) => value),
        ),
      )
    } else {
      void query.where(function () {
        for (const values of part) {
          void this.orWhere(function () {
            columns.forEach((column, index) => void this.where(equal(dialect, column, values[index] ?? null)))
          })
        }
      })
    }
    for (const row of (await read(toStatement(query))).rows) there.add(foldTogether(row))
  }
  return there
}

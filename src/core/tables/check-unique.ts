// Values that must be unique and are taken: by stored rows that the save does not itself move away, or by another change.
import { sameCell, type Cell } from '../../shared/cell.ts'
import type { Problem } from '../../shared/table-saves.ts'
import type { Change } from '../../shared/tables.ts'
import { columnOf, toStatement } from '../db/query.ts'
import { isWriting, type Looking, type Writing } from './check-look.ts'
import { foldTogether } from './fold.ts'
import { inQuotes } from './in-quotes.ts'
import { isOneOf, readRows, textOfAll } from './read-rows.ts'
import { uniqueSets } from './save-plan.ts'
import { holderOf } from './save-sql.ts'
import { equal } from './view-sql.ts'

/** Values in one statement; lookups of single holders, and of pairs, at most. */
const AT_ONCE = { ofOne: 500, ofSeveral: 100 }
const MOST_LOOKUPS = 200

interface Taking {
  change: Writing
  values: Cell[]
  /** Equal for all that the server could call equal. */
  folded: string
}

export async function takenValues(look: Looking, changes: readonly Change[]): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const set of uniqueSets(look.shape)) {
    const takings = await takingsOf(look, set, changes)
    if (takings.length === 0) continue
    problems.push(...(await byRows(look, set, takings, changes)), ...(await byOthers(look, set, takings)))
  }
  return problems
}

/** Changes after which a row holds other values of the set than before, none of them NULL. */
async function takingsOf(look: Looking, set: readonly string[], changes: readonly Change[]): Promise<Taking[]> {
  const { shape, read, dialect, isWrong } = look
  const writing = changes
    .filter(isWriting)
    .filter((change) => set.some((name) => name in change.values) && !set.some((name) => isWrong(change, name)))
  const isKnown = (change: Writing, name: string) =>
    name in change.values || (change.kind === 'update' && (name in change.original || shape.key.includes(name)))
  const lacking = writing.filter((change) => change.kind === 'update' && !set.every((name) => isKnown(change, name)))
  const keys = lacking.map((change) => (change.kind === 'update' ? change.key : null))
  const rows = lacking.length > 0 ? await readRows(read, dialect, shape, keys, set) : []
  const stored = new Map<Writing, Cell[] | null>(lacking.map((change, index) => [change, rows[index] ?? null]))
  return writing.flatMap((change) => {
    const before = (name: string): Cell => {
      if (change.kind === 'insert') return null
      const place = shape.key.indexOf(name)
      const seen = place >= 0 ? change.key[place] : change.original[name]
      return seen ?? stored.get(change)?.[set.indexOf(name)] ?? null
    }
    const values = set.map((name) => (name in change.values ? (change.values[name] ?? null) : before(name)))
    const isSame = change.kind === 'update' && set.every((name, index) => sameCell(before(name), values[index]))
    const folded = foldTogether(values)
    return isSame || folded === null ? [] : [{ change, values, folded }]
  })
}

async function byRows(
  look: Looking,
  set: readonly string[],
  takings: readonly Taking[],
  changes: readonly Change[],
): Promise<Problem[]> {
  const { shape, dialect, read } = look
  const problems: Problem[] = []
  const leaving = leavingOf(look, set, takings, changes)
  for (const { taking } of await suspects(look, set, takings)) {
    const found = (await read(holderOf(dialect, shape, set, taking.values))).rows[0]
    if (!found) continue
    const holder = found.slice(0, shape.key.length)
    const isOwn = taking.change.kind === 'update' && textOfAll(taking.change.key) === textOfAll(holder)
    if (isOwn || leaving.has(textOfAll(holder))) continue
    const label = shape.key.map((name, index) => `${name} ${inQuotes(holder[index])}`).join(', ')
    const words = `${said(set, taking)} is already used by the row with ${label}.`
    problems.push(problemOf(set, taking, words, { holder: { key: holder, label } }))
  }
  return problems
}

/** Keys of rows that do not hold their values of the set any more once all is saved. */
function leavingOf(
  { shape }: Looking,
  set: readonly string[],
  takings: readonly Taking[],
  changes: readonly Change[],
): Set<string> {
  const moved = takings.flatMap(({ change }) => (change.kind === 'update' ? [textOfAll(change.key)] : []))
  const emptied = changes.flatMap((change) => {
    if (change.kind === 'insert') return []
    const isGone = change.kind === 'delete' || set.some((name) => name in change.values && change.values[name] === null)
    return isGone && change.key.length === shape.key.length ? [textOfAll(change.key)] : []
  })
  return new Set([...moved, ...emptied])
}

/** Those of which a row seems to have the values: few statements, and none more where nothing is taken. */
async function suspects(look: Looking, set: readonly string[], takings: readonly Taking[]) {
  const { shape, dialect, read } = look
  const { knex } = dialect
  const found: { taking: Taking }[] = []
  const atOnce = set.length === 1 ? AT_ONCE.ofOne : AT_ONCE.ofSeveral
  for (let start = 0; start < takings.length && found.length < MOST_LOOKUPS; start += atOnce) {
    const part = takings.slice(start, start + atOnce)
    const columns = set.map((name) => columnOf(shape, name))
    const query = knex(dialect.table(shape.name)).select(columns.map((column) => dialect.stored(column)))
    const [only] = columns
    if (only && columns.length === 1) {
      void query.where(
        isOneOf(
          dialect,
          only,
          part.map(({ values: [value = null] }) => value),
        ),
      )
    } else {
      void query.where(function () {
        for (const { values } of part) {
          void this.orWhere(function () {
            columns.forEach((column, index) => void this.where(equal(dialect, column, values[index] ?? null)))
          })
        }
      })
    }
    const { rows } = await read(toStatement(query))
    if (rows.length === 0) continue
    const held = new Set(rows.map((row) => foldTogether(row)))
    const wanted = part.filter(({ folded }) => held.has(folded))
    // A row that none of them seems to mean was found by a rule that is not known here: then each is asked.
    const isUnclear = rows.some((row) => !wanted.some(({ folded }) => folded === foldTogether(row)))
    for (const taking of isUnclear ? part : wanted) found.push({ taking })
  }
  return found.slice(0, MOST_LOOKUPS)
}

/** Two changes of one save that take the same values: told at the later one. */
async function byOthers(look: Looking, set: readonly string[], takings: readonly Taking[]): Promise<Problem[]> {
  const problems: Problem[] = []
  let lookups = 0
  for (const group of Map.groupBy(takings, ({ folded }) => folded).values()) {
    const [first, ...others] = group
    if (!first || others.length === 0) continue
    for (const other of others) {
      const isSame = textOfAll(first.values) === textOfAll(other.values)
      if (!isSame && ((lookups += 1) > MOST_LOOKUPS || !(await isEqual(look, set, first.values, other.values))))
        continue
      const words = `${said(set, other)} is taken by another staged change as well.`
      problems.push(problemOf(set, other, words, { otherId: first.change.id }))
    }
  }
  return problems
}

/** In the collation and type of the columns: a UNION takes on those of its first part. */
async function isEqual(
  { shape, dialect, read }: Looking,
  set: readonly string[],
  one: readonly Cell[],
  other: readonly Cell[],
): Promise<boolean> {
  const { knex } = dialect
  const columns = set.map((name) => columnOf(shape, name))
  const rowOf = (values: readonly Cell[], alias: string) =>
    knex(dialect.table(shape.name))
      .select(columns.map((column, index) => knex.raw('?? as ??', [column.name, `c${index}`])))
      .whereRaw('1 = 0')
      .unionAll(knex.select(columns.map((column, index) => dialect.value(column, values[index] ?? null))))
      .as(alias)
  const query = knex
    .select(knex.raw('1'))
    .from(rowOf(one, 'a'))
    .joinRaw('cross join ?', [rowOf(other, 'b') as never])
  columns.forEach((_, index) => void query.whereRaw('?? = ??', [`a.c${index}`, `b.c${index}`]))
  return (await read(toStatement(query))).rows.length > 0
}

const said = (set: readonly string[], { values }: Taking) =>
  set.map((name, index) => `${name} ${inQuotes(values[index])}`).join(', ')

function problemOf(
  set: readonly string[],
  { change }: Taking,
  words: string,
  by: Partial<Pick<Problem, 'holder' | 'otherId'>>,
): Problem {
  const column = set.find((name) => name in change.values) ?? null
  return { changeId: change.id, column, kind: 'unique', words, holder: null, otherId: null, ...by }
}

// What a save will run, and in which order: deletes make room, updates make room for each other, new rows come last.
import type { Cell } from '../../shared/cell.ts'
import type { Change } from '../../shared/tables.ts'
import type { Dialect } from '../../shared/profiles.ts'
import type { Database, TableShape } from '../db/database.ts'
import { columnOf, toStatement } from '../db/query.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { Refusal } from '../refusal.ts'
import { isOneOf, readRows, textOf, type Read } from './read-rows.ts'
import { orderOf, type Ground } from './save-order.ts'
import { madeValue, parkingOf, type Parking } from './save-park.ts'
import type { Update } from './save-sql.ts'
import { deleteStep, insertStep, updateStep, type Step } from './save-steps.ts'
import { withTouches } from './save-touches.ts'

export interface PlanScope {
  name: Dialect
  dialect: SqlDialect
  shape: TableShape
  read: Read
  database: Database
  signal: AbortSignal
  /** Columns that turned out to be unique together by a rule that the shape does not tell: an index over a part or an expression. */
  moreSets?: readonly string[][]
  /** Rows come back with the values that the database had given them by itself. */
  isInsistent?: boolean
}

/** Values that are made anew when a row has them already, this often. */
const TRIES = 5
const AT_ONCE = 500

/** Columns that must be unique together, the key among them. */
export const uniqueSets = (shape: TableShape): string[][] => [
  ...(shape.key.length > 0 ? [shape.key] : []),
  ...shape.unique,
]

/**
 * The steps of a save, in their order. Looks at rows only where several updates move within one unique set. Throws
 * VALUE_REFUSED when rows exchange values that none of them can give up before.
 */
export async function planOf(scope: PlanScope, changes: readonly Change[]): Promise<Step[]> {
  const updates = changes.filter((change) => change.kind === 'update')
  return withTouches(scope, [
    ...changes
      .filter((change) => change.kind === 'delete')
      .map((change) => deleteStep(change, scope.dialect, scope.shape)),
    ...(await updateSteps(scope, updates)),
    ...changes.filter((change) => change.kind === 'insert').map((change) => insertStep(change, scope.isInsistent)),
  ])
}

/** What the order of updates depends on; null where they cannot be in each other's way. */
export async function groundOf(scope: PlanScope, updates: readonly Update[]): Promise<Ground | null> {
  const sets = [...uniqueSets(scope.shape), ...(scope.moreSets ?? [])].filter(
    (set) => updates.filter(({ values }) => set.some((column) => column in values)).length > 1,
  )
  if (sets.length === 0) return null
  const now = await nowIn(scope, updates, sets)
  const shapeOf = ({ values, original }: Update) => [...Object.keys(values), '', ...Object.keys(original)].join('\n')
  return { sets, now, shapeOf }
}

async function updateSteps(scope: PlanScope, updates: readonly Update[]): Promise<Step[]> {
  const { shape } = scope
  const ground = await groundOf(scope, updates)
  if (!ground) return updates.map(updateStep)
  const ordered = (pointedTo: ReadonlySet<string>) =>
    orderOf(updates, ground, (circle) => {
      const movable = circle.map(({ update, sets: own }) => ({
        update,
        parking: parkingsOf(shape, update, own, pointedTo),
      }))
      const easiest =
        movable.find(({ parking }) => parking?.every(({ isNull }) => isNull)) ?? movable.find((one) => one.parking)
      if (!easiest) throw cannotExchange(circle)
      return easiest.update
    })
  const first = ordered(new Set())
  // Asked only where rows exchange values.
  const referrers = first.parked.size > 0 ? await scope.database.referrers(shape.name, scope.signal) : []
  const pointedTo = new Set(referrers.flatMap(({ pointsTo }) => pointsTo.map((name) => name.toLowerCase())))
  const order = pointedTo.size > 0 ? ordered(pointedTo) : first
  const parked = await parkedValues(scope, order.parked, (update, column) => ground.now(update, column), pointedTo)
  return [
    ...[...parked].map(([change, values]): Step => ({ ...updateStep(change), kind: 'park', values })),
    ...order.updates.map((change): Step => {
      const values = parked.get(change)
      return values
        ? { ...updateStep(change), key: keyAfter(shape, change, values), guard: values }
        : updateStep(change)
    }),
  ]
}

/** Where the row is once `values` were written. */
export function keyAfter(shape: TableShape, { key }: Update, values: Readonly<Record<string, Cell>>): Cell[] {
  return shape.key.map((name, index) => values[name] ?? key[index] ?? null)
}

type Now = (update: Update, column: string) => Cell | undefined

/** What the person saw; and of columns that belong to a set and were not edited, what is stored. */
async function nowIn({ dialect, shape, read }: PlanScope, updates: readonly Update[], sets: string[][]): Promise<Now> {
  const seen: Now = ({ key, original }, column) => {
    const place = shape.key.indexOf(column)
    return place >= 0 ? key[place] : original[column]
  }
  const isKnown = (update: Update, column: string) => shape.key.includes(column) || column in update.original
  const lacking = updates.filter((update) =>
    sets.some((set) => set.some((name) => name in update.values) && !set.every((name) => isKnown(update, name))),
  )
  if (lacking.length === 0) return seen
  const columns = [...new Set(sets.flat())].filter((name) => !shape.key.includes(name))
  const keys = lacking.map(({ key }) => key)
  const rows = await readRows(read, dialect, shape, keys, columns)
  const stored = new Map(lacking.map((update, index) => [update, rows[index]]))
  return (update, column) => {
    if (isKnown(update, column)) return seen(update, column)
    return stored.get(update)?.[columns.indexOf(column)]
  }
}

function parkingsOf(
  shape: TableShape,
  { values }: Update,
  sets: ReadonlySet<readonly string[]>,
  pointedTo: ReadonlySet<string>,
): Parking[] | null {
  const parkings = [...sets].map((set) => parkingOf(shape, set, Object.keys(values), pointedTo))
  return parkings.includes(null) ? null : (parkings as Parking[])
}

function cannotExchange(circle: { update: Update; sets: ReadonlySet<readonly string[]> }[]): Refusal {
  const [first] = circle
  const columns = [...new Set(circle.flatMap(({ sets }) => [...sets]).flat())]
  const words = `${circle.length} rows exchange their values of ${columns.join(', ')}, and none of them can hold another value meanwhile. Save one of them with another value first. Nothing was saved.`
  return new Refusal('VALUE_REFUSED', words, { changeId: first?.update.id ?? '', column: columns[0] ?? null })
}

/** A value for each column that is emptied, held by no row. */
async function parkedValues(
  scope: PlanScope,
  parked: ReadonlyMap<Update, ReadonlySet<readonly string[]>>,
  now: Now,
  pointedTo: ReadonlySet<string>,
): Promise<Map<Update, Record<string, Cell>>> {
  const { shape, name } = scope
  const values = new Map<Update, Record<string, Cell>>()
  const byColumn = new Map<string, Update[]>()
  for (const [update, sets] of parked) {
    const own: Record<string, Cell> = {}
    for (const { column, isNull } of parkingsOf(shape, update, sets, pointedTo) ?? []) {
      own[column] = null
      if (!isNull) byColumn.set(column, [...(byColumn.get(column) ?? []), update])
    }
    values.set(update, own)
  }
  for (const [column, updates] of byColumn) {
    const declared = shape.columns.find((one) => one.name === column)
    if (!declared) continue
    let open = updates
    for (let round = 0; open.length > 0; round++) {
      if (round === TRIES) throw cannotExchange(open.map((update) => ({ update, sets: new Set([[column]]) })))
      const made = open.map((update) => {
        const seed = JSON.stringify([round, update.id, update.key.map(textOf), column])
        return madeValue(name, declared, now(update, column) ?? null, seed)
      })
      const taken = await takenOf(scope, column, made)
      const twice = new Set<string>()
      open = open.filter((update, index) => {
        const value = made[index] ?? null
        if (taken || twice.has(textOf(value))) return true
        twice.add(textOf(value))
        ;(values.get(update) as Record<string, Cell>)[column] = value
        return false
      })
    }
  }
  return values
}

async function takenOf({ dialect, shape, read }: PlanScope, name: string, values: readonly Cell[]): Promise<boolean> {
  const column = columnOf(shape, name)
  for (let start = 0; start < values.length; start += AT_ONCE) {
    const part = values.slice(start, start + AT_ONCE)
    const query = dialect.knex(dialect.table(shape.name)).where(isOneOf(dialect, column, part))
    const { rows } = await read(toStatement(query.select(dialect.knex.raw('1')).limit(1)))
    if (rows.length > 0) return true
  }
  return false
}

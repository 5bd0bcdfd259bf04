// What a delete reaches beyond the rows that point to it: level by level, each row once, for as long as it is quick.
import type { Cell } from '../../shared/cell.ts'
import type { DeleteReach } from '../../shared/tables.ts'
import type { TableShape } from '../db/database.ts'
import { columnOf, toStatement } from '../db/query.ts'
import { actingOn, keyParts, pointing, type Acting, type ReachScope } from './reach-pointing.ts'
import { textOfAll } from './read-rows.ts'

/** Rows that are followed at most, and milliseconds: what is beyond is told as "at least". */
const MOST_ROWS = 20_000
const TIME = 3_000

type Further = DeleteReach['further'][number]
type Keys = readonly (readonly Cell[])[]

interface Met {
  shape: TableShape
  /** Rows that the delete removes, by the text of their key: in a cycle each is met again. */
  deleted: Set<string>
  /** Rows that it empties. */
  emptied: Set<string>
}

/** `keys`: the rows of `shape` that a person deletes. Tables that are reached directly alone are left out. */
export async function furtherReach(
  scope: ReachScope,
  shape: TableShape,
  keys: Keys,
  signal: AbortSignal,
): Promise<Further[]> {
  const limit = AbortSignal.timeout(TIME)
  const walk = new Walk(scope, AbortSignal.any([signal, limit]))
  try {
    await walk.begin(shape, keys)
  } catch (error) {
    signal.throwIfAborted()
    if (!limit.aborted) throw error
    walk.isCutShort = true
  }
  return walk.isCutShort ? walk.withAllTables(shape.name, signal) : walk.found()
}

class Walk {
  isCutShort = false
  readonly #scope: ReachScope
  readonly #signal: AbortSignal
  readonly #met = new Map<string, Met>()
  readonly #acting = new Map<string, Acting[]>()
  readonly #further = new Map<string, Further>()
  #left = MOST_ROWS

  constructor(scope: ReachScope, signal: AbortSignal) {
    this.#scope = scope
    this.#signal = signal
  }

  found(): Further[] {
    return Array.from(this.#further.values())
      .filter(({ rows, isAtLeast }) => rows > 0 || isAtLeast)
      .sort((a, b) => (a.table < b.table ? -1 : a.table > b.table ? 1 : 0))
  }

  /** Breadth first: a row that is reached directly is not told once more as reached in turn. */
  async begin(shape: TableShape, keys: Keys): Promise<void> {
    this.#met.set(shape.name, { shape, deleted: new Set(keys.map(textOfAll)), emptied: new Set() })
    let level: { shape: TableShape; keys: Keys }[] = [{ shape, keys }]
    for (let depth = 1; level.length > 0; depth += 1) {
      const next = new Map<string, { shape: TableShape; keys: (readonly Cell[])[] }>()
      for (const from of level) {
        for (const acting of await this.#actingOn(from.shape.name)) {
          const fresh = await this.#follow(from.shape, acting, from.keys, depth > 1)
          if (!fresh) continue
          const known = next.get(fresh.shape.name)
          if (known) known.keys.push(...fresh.keys)
          else next.set(fresh.shape.name, fresh)
        }
      }
      level = [...next.values()]
    }
  }

  /** Rows that are deleted and were not met before; null when there are none. */
  async #follow(shape: TableShape, acting: Acting, keys: Keys, isFurther: boolean) {
    const met = await this.#metIn(acting.table)
    // Rows without a key cannot be told apart: they are counted, and not followed.
    if (!met || met.shape.key.length === 0) {
      if (isFurther) this.#add(acting, await this.#count(shape, acting, keys))
      this.#isBeyond(met?.shape.name)
      return null
    }
    const mine = acting.onDelete === 'delete' ? met.deleted : met.emptied
    const fresh: (readonly Cell[])[] = []
    for (const part of keyParts(shape, keys)) {
      if (this.#left <= 0) break
      const wanted = met.shape.key.map((name) => this.#scope.dialect.stored(columnOf(met.shape, name)))
      const query = pointing(this.#scope, shape, acting, part).select(wanted).limit(this.#left)
      const { rows } = await this.#scope.database.read(toStatement(query), this.#signal)
      this.#left -= rows.length
      for (const key of rows) {
        const text = textOfAll(key)
        if (mine.has(text)) continue
        mine.add(text)
        fresh.push(key)
      }
    }
    if (isFurther) this.#add(acting, fresh.length)
    if (this.#left <= 0) this.isCutShort = true
    return acting.onDelete === 'delete' && fresh.length > 0 ? { shape: met.shape, keys: fresh } : null
  }

  async #count(shape: TableShape, acting: Acting, keys: Keys): Promise<number> {
    let rows = 0
    for (const part of keyParts(shape, keys)) {
      const count = pointing(this.#scope, shape, acting, part).count({ n: '*' })
      const answer = await this.#scope.database.read(toStatement(count), this.#signal)
      rows += Number(answer.rows[0]?.[0] ?? 0)
    }
    return rows
  }

  #isBeyond(table: string | undefined): void {
    const acting = table === undefined ? [] : (this.#acting.get(table) ?? [])
    if (acting.length > 0) this.isCutShort = true
  }

  async #metIn(table: string): Promise<Met | null> {
    const known = this.#met.get(table)
    if (known) return known
    await this.#actingOn(table)
    const shape = await this.#scope.database.describe(table, this.#signal)
    if (!shape) return null
    const met = { shape, deleted: new Set<string>(), emptied: new Set<string>() }
    this.#met.set(table, met)
    return met
  }

  async #actingOn(table: string): Promise<Acting[]> {
    const known = this.#acting.get(table)
    if (known) return known
    const acting = await actingOn(this.#scope.database, table, this.#signal)
    this.#acting.set(table, acting)
    return acting
  }

  #add({ table, onDelete: action }: Pick<Acting, 'table' | 'onDelete'>, rows: number): void {
    const address = JSON.stringify([table, action])
    const known = this.#further.get(address) ?? { table, action, rows: 0, isAtLeast: false }
    this.#further.set(address, { ...known, rows: known.rows + rows })
  }

  /** What was counted, and every table beyond, none of them whole. */
  async withAllTables(begin: string, signal: AbortSignal): Promise<Further[]> {
    const looked = new Set<string>()
    const open = [{ table: begin, isFurther: false }]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const acting = this.#acting.get(next.table) ?? (await actingOn(this.#scope.database, next.table, signal))
      for (const each of acting) {
        if (next.isFurther) this.#add(each, 0)
        const address = `${each.table} ${next.isFurther}`
        if (each.onDelete !== 'delete' || looked.has(address)) continue
        looked.add(address)
        open.push({ table: each.table, isFurther: true })
      }
    }
    for (const further of this.#further.values()) further.isAtLeast = true
    return this.found()
  }
}

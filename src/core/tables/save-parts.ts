// A save on a Galera cluster is one transaction of limited length: more changes are taken apart into several, each of which can be
// saved by itself once those before it were.
import { CLUSTER_MOST_CHANGES } from '../../shared/cluster.ts'
import type { Change } from '../../shared/tables.ts'
import type { Database } from '../db/database.ts'
import { Refusal } from '../refusal.ts'
import { orderOf } from './save-order.ts'
import { groundOf, type PlanScope } from './save-plan.ts'

/** Changes of one transaction at most; null where that is no matter. */
export async function mostAtOnce(database: Database): Promise<number | null> {
  return (await database.facts()).cluster ? CLUSTER_MOST_CHANGES : null
}

/** Throws QUERY_FAILED, with what to do, when these are too many for one transaction of this database. */
export async function checkLength(database: Database, changes: readonly Change[]): Promise<void> {
  if (changes.length <= CLUSTER_MOST_CHANGES) return
  const most = await mostAtOnce(database)
  if (most === null) return
  const words = `${changes.length.toLocaleString('en-US')} changes are too many for one transaction on a Galera cluster, which takes at most ${most.toLocaleString('en-US')} here: each node has to certify and apply it as a whole, and all writers may wait for that. Nothing was saved. Save them in several parts.`
  throw new Refusal('QUERY_FAILED', words, { code: 'TOO_MANY_CHANGES' })
}

/**
 * The changes in parts of at most `most`, in the order to save them. An update that needs a value of a unique column comes in
 * the same part as the one that gives it up, or in a later one; rows that exchange values stay together. Throws VALUE_REFUSED
 * when more of them do than one part takes.
 */
export async function partsOf(scope: PlanScope, changes: readonly Change[], most: number): Promise<Change[][]> {
  const deletes = changes.filter(({ kind }) => kind === 'delete')
  const inserts = changes.filter(({ kind }) => kind === 'insert')
  const updates = await togetherOf(scope, changes)
  const parts: Change[][] = []
  for (const group of [...deletes.map((one) => [one]), ...updates, ...inserts.map((one) => [one])]) {
    const [first] = group
    if (first && group.length > most) throw tooManyTogether(first, group.length, most)
    const last = parts.at(-1)
    if (last && last.length + group.length <= most) last.push(...group)
    else parts.push([...group])
  }
  return parts
}

/** Updates in an order that may be cut between any two groups. */
async function togetherOf(scope: PlanScope, changes: readonly Change[]): Promise<Change[][]> {
  const updates = changes.filter((change) => change.kind === 'update')
  const ground = await groundOf(scope, updates)
  if (!ground) return updates.map((one) => [one])
  // Which row of a circle makes room is decided again when its part is saved.
  const order = orderOf(updates, ground, ([first]) => (first as { update: (typeof updates)[number] }).update)
  /** By the first place of each stretch, how far it reaches. */
  const reach = new Map<number, number>()
  for (const [first, last] of order.stretches) reach.set(first, Math.max(last, reach.get(first) ?? 0))
  const groups: Change[][] = []
  let end = -1
  order.updates.forEach((update, place) => {
    const isInside = place <= end
    end = Math.max(end, reach.get(place) ?? place)
    if (isInside) groups.at(-1)?.push(update)
    else groups.push([update])
  })
  return groups
}

function tooManyTogether(first: Change, count: number, most: number): Refusal {
  const words = `${count.toLocaleString('en-US')} rows exchange their values of a unique column, which takes one transaction; on a Galera cluster it takes at most ${most.toLocaleString('en-US')} changes here. Give some of them other values first. Nothing was saved.`
  return new Refusal('VALUE_REFUSED', words, { changeId: first.id, column: null })
}

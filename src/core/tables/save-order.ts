// The order in which updates of one save make room for each other: who needs a value that another one gives up comes after it.
// Rows that exchange values in a circle cannot all be last, so one of each circle is moved out of the way first.
import type { Cell } from '../../shared/cell.ts'
import { foldTogether } from './fold.ts'
import type { Update } from './save-sql.ts'

/** What the order needs to know of the table and its rows. */
export interface Ground {
  /** Column sets of which no two rows may hold the same. */
  sets: readonly (readonly string[])[]
  /** What the row of an update holds now; undefined where it is not known. */
  now(update: Update, column: string): Cell | undefined
  /** What tells which updates one SQL text serves: those are kept together. */
  shapeOf(update: Update): string
}

export interface Order {
  /** In this order each finds its values free, once those of `parked` are out of the way. */
  updates: Update[]
  /** Of each circle one: the sets whose values others wait for. */
  parked: Map<Update, Set<readonly string[]>>
  /**
   * Places in `updates`, first and last, of which each stretch belongs into one transaction: a parked one stands last, and
   * before it those that take its values. Anywhere else the order may be cut.
   */
  stretches: [first: number, last: number][]
}

interface Meeting {
  update: Update
  needs: Update
  set: readonly string[]
}

interface Node {
  update: Update
  shape: string
  /** Those that wait for this one to give up its values of a set. */
  waiting: Map<Node, Set<readonly string[]>>
  needs: Set<Node>
  isDone: boolean
}

/** `choose` picks the one of a circle that is easiest to park, and throws when none of them can be. */
export function orderOf(
  updates: readonly Update[],
  ground: Ground,
  choose: (circle: { update: Update; sets: ReadonlySet<readonly string[]> }[]) => Update,
): Order {
  const meetings = meetingsOf(updates, ground)
  if (meetings.length === 0) return { updates: [...updates], parked: new Map(), stretches: [] }
  const nodes = connect(updates, meetings, ground)
  const parked: Order['parked'] = new Map()
  const parkedAt = new Map<Update, number>()
  const ready = readyOnes(nodes.filter(({ needs }) => needs.size === 0))
  const ordered: Update[] = []
  let left = 0
  const release = (node: Node) => {
    for (const waiting of node.waiting.keys()) {
      if (waiting.needs.delete(node) && waiting.needs.size === 0) ready.add(waiting)
    }
  }
  while (ordered.length < nodes.length) {
    for (let node = ready.take(); node; node = ready.take()) {
      node.isDone = true
      ordered.push(node.update)
      release(node)
    }
    while (nodes[left]?.isDone) left += 1
    const stuck = nodes[left]
    if (!stuck) continue
    const circle = circleOf(stuck)
    const chosen = choose(circle.map((node) => ({ update: node.update, sets: awaited(node) })))
    const node = circle.find(({ update }) => update === chosen) as Node
    parked.set(chosen, awaited(node))
    parkedAt.set(chosen, ordered.length)
    release(node)
  }
  const stretches = ordered.flatMap((update, last): Order['stretches'] => {
    const first = parkedAt.get(update)
    return first === undefined ? [] : [[first, last]]
  })
  return { updates: ordered, parked, stretches }
}

/** What can be next; those of one shape one after the other, as long as there are any. */
function readyOnes(first: readonly Node[]) {
  const byShape = new Map<string, { nodes: Node[]; next: number }>()
  let shape = ''
  const add = (node: Node) => {
    const same = byShape.get(node.shape)
    if (same) same.nodes.push(node)
    else byShape.set(node.shape, { nodes: [node], next: 0 })
  }
  first.forEach(add)
  return {
    add,
    take(): Node | undefined {
      let current = byShape.get(shape)
      if (!current || current.next === current.nodes.length) {
        byShape.delete(shape)
        const [next] = byShape
        if (!next) return undefined
        ;[shape, current] = next
      }
      current.next += 1
      return current.nodes[current.next - 1]
    },
  }
}

/** Sets of which somebody waits for what the node holds. */
function awaited(node: Node): Set<readonly string[]> {
  const sets = new Set<readonly string[]>()
  for (const [waiting, own] of node.waiting) {
    if (!waiting.isDone) for (const set of own) sets.add(set)
  }
  return sets
}

/** Who needs what another one gives up. Most saves have none of it, and are through with this. */
function meetingsOf(updates: readonly Update[], ground: Ground): Meeting[] {
  const meetings: Meeting[] = []
  for (const set of ground.sets) {
    const releasing = new Map<string, Update[]>()
    const taking: [Update, string][] = []
    for (const update of updates) {
      if (!set.some((column) => column in update.values)) continue
      const before = foldTogether(set.map((column) => ground.now(update, column)))
      const after = foldTogether(
        set.map((column) => (column in update.values ? update.values[column] : ground.now(update, column))),
      )
      if (before === after) continue
      if (before !== null) {
        const same = releasing.get(before)
        if (same) same.push(update)
        else releasing.set(before, [update])
      }
      if (after !== null) taking.push([update, after])
    }
    for (const [update, value] of taking) {
      for (const other of releasing.get(value) ?? []) {
        if (other !== update) meetings.push({ update, needs: other, set })
      }
    }
  }
  return meetings
}

function connect(updates: readonly Update[], meetings: readonly Meeting[], ground: Ground): Node[] {
  const nodes = new Map(
    updates.map((update): [Update, Node] => [
      update,
      { update, shape: ground.shapeOf(update), waiting: new Map(), needs: new Set(), isDone: false },
    ]),
  )
  for (const { update, needs, set } of meetings) {
    const [node, other] = [nodes.get(update) as Node, nodes.get(needs) as Node]
    node.needs.add(other)
    other.waiting.set(node, (other.waiting.get(node) ?? new Set()).add(set))
  }
  return [...nodes.values()]
}

/** Following what is needed from a node that cannot go leads into a circle. */
function circleOf(start: Node): Node[] {
  const path: Node[] = []
  const seen = new Map<Node, number>()
  for (let node = start; ;) {
    const before = seen.get(node)
    if (before !== undefined) return path.slice(before)
    seen.set(node, path.length)
    path.push(node)
    node = node.needs.values().next().value as Node
  }
}

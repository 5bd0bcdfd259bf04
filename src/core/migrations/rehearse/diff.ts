// What differs between two snapshots of a schema.
import type { Part, Snapshot } from './snapshot.ts'

/** A part that differs: a new one has no lines before, one that is gone none after. */
export interface Difference {
  kind: Part['kind']
  name: string
  before: string[]
  after: string[]
}

export interface Differences {
  changed: Difference[]
  /** Tables and views that are the same. */
  unchanged: number
}

/** In the order of the parts as they were, new ones at the end. */
export function differences(before: Snapshot, after: Snapshot): Differences {
  const later = new Map(after.parts.map((part) => [keyOf(part), part]))
  const earlier = new Set(before.parts.map(keyOf))
  const changed: Difference[] = []
  let unchanged = 0
  for (const part of before.parts) {
    const now = later.get(keyOf(part))
    if (!now || !areSame(part.lines, now.lines)) changed.push(difference(part, part.lines, now?.lines ?? []))
    else if (part.kind === 'table' || part.kind === 'view') unchanged++
  }
  for (const part of after.parts) if (!earlier.has(keyOf(part))) changed.push(difference(part, [], part.lines))
  return { changed, unchanged }
}

/** Names of sequences that stand elsewhere now; those that came or went are left out. */
export function movedSequences(before: Snapshot, after: Snapshot): string[] {
  return [...before.sequences].flatMap(([name, value]) => {
    const now = after.sequences.get(name)
    return now === undefined || now === value ? [] : [name]
  })
}

const keyOf = ({ kind, name }: Part) => `${kind} ${name}`

const difference = ({ kind, name }: Part, before: string[], after: string[]): Difference => ({
  kind,
  name,
  before,
  after,
})

const areSame = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((line, index) => line === b[index])

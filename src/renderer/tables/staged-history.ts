// What is staged for one table, with every step back and forward. A step holds only what it changed, so that a keystroke beside
// 20,000 staged changes keeps two of them and not twenty thousand.
import type { Change } from '../../shared/tables.ts'

/** Replaces `before` by `after`, or the other way round, from this place in the list of changes on. */
export interface Step {
  readonly from: number
  readonly before: readonly Change[]
  readonly after: readonly Change[]
}

/** What is staged for one table, in the order it was begun. */
export interface Staged {
  readonly changes: readonly Change[]
  /** What undo takes back, the newest last. */
  readonly past: readonly Step[]
  /** What redo does again, the next first. */
  readonly future: readonly Step[]
}

export const nothingStaged: Staged = { changes: [], past: [], future: [] }

/** One step further; nothing at all when the changes are the same ones. */
export function next(staged: Staged, changes: readonly Change[]): Staged {
  const step = stepBetween(staged.changes, changes)
  if (step.before.length === 0 && step.after.length === 0) return staged
  return { changes, past: [...staged.past, step], future: [] }
}

/** Leaves out what both begin and end with; changes are compared as objects, because every edit makes a new one. */
function stepBetween(before: readonly Change[], after: readonly Change[]): Step {
  const shorter = Math.min(before.length, after.length)
  let from = 0
  while (from < shorter && before[from] === after[from]) from += 1
  let same = 0
  while (same < shorter - from && before.at(-1 - same) === after.at(-1 - same)) same += 1
  return { from, before: before.slice(from, before.length - same), after: after.slice(from, after.length - same) }
}

/** Not `toSpliced`: a call takes only so many arguments. */
function swap(changes: readonly Change[], from: number, count: number, by: readonly Change[]): readonly Change[] {
  return [...changes.slice(0, from), ...by, ...changes.slice(from + count)]
}

export function undo(staged: Staged): Staged {
  const step = staged.past.at(-1)
  if (!step) return staged
  const changes = swap(staged.changes, step.from, step.after.length, step.before)
  return { changes, past: staged.past.slice(0, -1), future: [step, ...staged.future] }
}

export function redo(staged: Staged): Staged {
  const [step, ...future] = staged.future
  if (!step) return staged
  const changes = swap(staged.changes, step.from, step.before.length, step.after)
  return { changes, past: [...staged.past, step], future }
}

/** Removes what was saved. The steps before are forgotten: undoing them would stage guards that are no longer true. */
export function forgetSaved(staged: Staged, ids: readonly string[]): Staged {
  const saved = new Set(ids)
  return { changes: staged.changes.filter((change) => !saved.has(change.id)), past: [], future: [] }
}

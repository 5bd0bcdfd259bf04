// Which steps of a list are run or undone, and in which order, told from their states alone: core runs them so, the page says so.
import type { MigrationStep } from './migration-steps.ts'

type State = Pick<MigrationStep, 'state'>

/** True for a step that the ledger has. A half step is neither applied nor pending. */
export function isApplied({ state }: State): boolean {
  return state === 'applied' || state === 'changed' || state === 'renamed' || state === 'missing'
}

export function isPending({ state }: State): boolean {
  return state === 'pending' || state === 'out-of-order'
}

/** `steps` as the list has them, which is the order in which they are run. */
export function pendingOf(steps: readonly MigrationStep[]): MigrationStep[] {
  return steps.filter(isPending)
}

/** Every pending step up to `last`, which is one of `steps`, and that one where it is pending. */
export function pendingUpTo(steps: readonly MigrationStep[], last: MigrationStep): MigrationStep[] {
  return pendingOf(steps.slice(0, steps.indexOf(last) + 1))
}

/** What was applied after `first`, the newest first, and that one. Batches tell the order, then the ledger's times, then the names. */
export function appliedDownTo(steps: readonly MigrationStep[], first: MigrationStep): MigrationStep[] {
  const timeOf = ({ appliedAt }: MigrationStep) => Date.parse(appliedAt ?? '')
  const applied = steps
    .filter(isApplied)
    .sort((a, b) => (a.batch ?? 0) - (b.batch ?? 0) || timeOf(a) - timeOf(b) || steps.indexOf(a) - steps.indexOf(b))
  return applied.slice(applied.indexOf(first)).reverse()
}

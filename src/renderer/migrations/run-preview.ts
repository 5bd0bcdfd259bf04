// Which steps an action would take, for the question before it. Core decides once more, after it holds the lock.
import { appliedDownTo, isPending, pendingOf, pendingUpTo } from '../../shared/migration-order.ts'
import type { MigrationAction } from '../../shared/migration-runs.ts'
import type { Direction, MigrationList, MigrationStep } from '../../shared/migration-steps.ts'

export interface RunPreview {
  direction: Direction
  /** In the order in which they are run or undone. */
  steps: Pick<MigrationStep, 'name' | 'summary' | 'state' | 'batch'>[]
}

export function previewOf(action: MigrationAction, list: MigrationList): RunPreview {
  const { steps, half } = list
  const named = 'name' in action ? steps.find(({ name }) => name === action.name) : undefined
  switch (action.kind) {
    case 'all':
      return { direction: 'up', steps: pendingOf(steps) }
    case 'next':
      return { direction: 'up', steps: pendingOf(steps).slice(0, 1) }
    case 'up-to':
      return { direction: 'up', steps: named ? pendingUpTo(steps, named) : [] }
    case 'rollback':
      return { direction: 'down', steps: list.lastBatch.map((name) => stepOrName(name, steps)) }
    case 'down-to':
      return { direction: 'down', steps: named ? appliedDownTo(steps, named) : [] }
    case 'resume':
    case 'undo': {
      const done = half?.direction ?? 'up'
      const other = done === 'up' ? 'down' : 'up'
      return { direction: action.kind === 'resume' ? done : other, steps: [stepOrName(action.name, steps)] }
    }
  }
}

function stepOrName(name: string, steps: readonly MigrationStep[]): RunPreview['steps'][number] {
  const found = steps.find((step) => step.name === name || step.ledgerName === name)
  return found ?? { name, summary: '', state: 'missing', batch: null }
}

/** What to know before a run; what is wrong with the folder stands beside the folder. */
export function noteOf({ note, folder: { problem } }: MigrationList): string | null {
  if (note === null || problem === null) return note
  return note.replace(problem, '').trim() || null
}

/**
 * Whether an action is asked about before it runs. Undoing always is. Running pending steps is a button with one meaning, and
 * is asked about only where it is not: a part of them from a menu, steps older than applied ones, a schema of another tool, and a
 * cluster, which stops meanwhile.
 */
export function needsConsent(action: MigrationAction, list: MigrationList, isClustered: boolean): boolean {
  if (isClustered || (action.kind !== 'all' && action.kind !== 'next')) return true
  const { steps } = previewOf(action, list)
  return list.otherTools.length > 0 || steps.some((step) => isPending(step) && step.state === 'out-of-order')
}

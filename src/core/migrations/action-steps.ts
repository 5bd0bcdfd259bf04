// Which steps an action takes, in the order in which they are run; refuses, in words, what cannot be done.
import type { Direction, MigrationList, MigrationStep } from '../../shared/migration-steps.ts'
import { appliedDownTo, isApplied, isPending, pendingOf, pendingUpTo } from '../../shared/migration-order.ts'
import type { MigrationAction } from '../../shared/migration-runs.ts'
import { Refusal } from '../refusal.ts'

export interface ActionSteps {
  direction: Direction
  /** As the list has them. Empty: there is nothing to do. */
  names: string[]
}

/** Throws STEP_REFUSED for a step that is not there, or not in a state for it. */
export function stepsOf(action: MigrationAction, list: MigrationList): ActionSteps {
  if (action.kind === 'resume' || action.kind === 'undo') return halfAgain(action, list)
  if (list.half) {
    const { name } = list.half
    throw refused(name, `${name} ended in the middle. Decide first what becomes of it; nothing else can be run before.`)
  }
  switch (action.kind) {
    case 'all':
      return up(pendingOf(list.steps))
    case 'next':
      return up(pendingOf(list.steps).slice(0, 1))
    case 'up-to':
      return up(upTo(action.name, list))
    case 'rollback':
      return down(list.lastBatch.map((name) => stepOf(name, list)))
    case 'down-to':
      return down(downTo(action.name, list))
  }
}

function up(steps: MigrationStep[]): ActionSteps {
  return { direction: 'up', names: steps.map(({ name }) => name) }
}

function down(steps: MigrationStep[]): ActionSteps {
  const missing = steps.find(({ state }) => state === 'missing')
  if (missing) {
    const { name } = missing
    const why = `${name} would have to be undone, but its file is not in the folder. Nothing was changed. Put the file back to undo it.`
    throw refused(name, why)
  }
  return { direction: 'down', names: steps.map(({ name }) => name) }
}

function upTo(name: string, list: MigrationList): MigrationStep[] {
  const last = stepOf(name, list)
  if (!isPending(last)) throw refused(name, `${name} is applied already.`)
  return pendingUpTo(list.steps, last)
}

function downTo(name: string, list: MigrationList): MigrationStep[] {
  const first = stepOf(name, list)
  if (!isApplied(first)) throw refused(name, `${name} is not applied, so that there is nothing to undo.`)
  return appliedDownTo(list.steps, first)
}

function halfAgain(action: { kind: 'resume' | 'undo'; name: string }, { half }: MigrationList): ActionSteps {
  const { kind, name } = action
  if (half?.name !== name) throw refused(name, `${name} did not end in the middle. Look at the list again.`)
  const why = half.choices[kind]
  if (why !== null) throw refused(name, why)
  const other = half.direction === 'up' ? 'down' : 'up'
  return { direction: kind === 'resume' ? half.direction : other, names: [name] }
}

function stepOf(name: string, { steps }: MigrationList): MigrationStep {
  const found = steps.find((step) => step.name === name) ?? steps.find(({ ledgerName }) => ledgerName === name)
  if (!found) throw refused(name, `There is no step ${name} any more. Look at the list again.`)
  return found
}

function refused(name: string, message: string): Refusal {
  return new Refusal('STEP_REFUSED', message, { name })
}

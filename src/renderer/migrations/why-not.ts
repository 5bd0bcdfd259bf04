// Why something of the migrations screen cannot be used just now, in words; null when it can.
import { appliedDownTo, isApplied, isPending } from '../../shared/migration-order.ts'
import type { MigrationList, MigrationStep } from '../../shared/migration-steps.ts'
import { plural } from '../ui/wording.ts'

export interface WhyNot {
  all: string | null
  next: string | null
  rollback: string | null
  plan: string | null
}

const BUSY = 'A run is under way.'

export function whyNot(list: MigrationList, isBusy: boolean): WhyNot {
  const always = whyNoRun(list, isBusy)
  const pending = whyNothingPending(list)
  return {
    all: always ?? pending,
    next: always ?? pending,
    rollback: always ?? whyNoRollback(list),
    plan: whyNoPlan(list, isBusy) ?? pending,
  }
}

/** Of the menu of one step. */
export function whyNotStep(
  step: MigrationStep,
  list: MigrationList,
  isBusy: boolean,
): { run: string | null; plan: string | null } {
  const kind = isApplied(step) ? whyNoDownTo(step, list) : isPending(step) ? null : `${step.name} ended in the middle.`
  return { run: whyNoRun(list, isBusy) ?? kind, plan: whyNoPlan(list, isBusy) ?? kind }
}

/** Of what writes the ledger alone: giving a step its new name, saying what became of it. */
export function whyNoMark(list: MigrationList, isBusy: boolean): string | null {
  return isBusy ? BUSY : (list.blocked ?? whyLocked(list))
}

/**
 * Of comparing a table with the step that makes it, and adopting it. A table that is there already is what blocks a run, and
 * adopting is the way on; where nothing can be written for another reason, the host says so when it is asked to.
 */
export function whyNoAdopt(list: MigrationList, isBusy: boolean): string | null {
  return isBusy ? BUSY : whyLocked(list)
}

/** Why the half step's run cannot be taken up again or undone, beside its own reasons. */
export function whyNoHalfRun(list: MigrationList, isBusy: boolean): string | null {
  return whyNoMark(list, isBusy) ?? whyNoCode(list)
}

function whyNoRun(list: MigrationList, isBusy: boolean): string | null {
  return whyNoHalfRun(list, isBusy) ?? whyHalf(list)
}

/** A plan writes nothing, so that a lock or a database that is only read does not stand in its way. */
function whyNoPlan(list: MigrationList, isBusy: boolean): string | null {
  return (isBusy ? BUSY : whyNoCode(list)) ?? whyHalf(list)
}

function whyHalf({ half }: MigrationList): string | null {
  return half ? `${half.name} ended in the middle. Decide first what becomes of it.` : null
}

/** A run of Roster that is under way is waited for; a lock of knex's that was left behind is not. */
function whyLocked({ lock }: MigrationList): string | null {
  return lock && lock.kind !== 'run' ? lock.message : null
}

function whyNothingPending({ steps, folder }: MigrationList): string | null {
  if (steps.some(isPending)) return null
  if (folder.problem !== null) return folder.problem
  return steps.length === 0 ? 'There is no step yet.' : 'Every step is applied.'
}

/** Why no code of the folder may run, for a plan as for a run. */
function whyNoCode({ folder: { trust } }: MigrationList): string | null {
  if (trust === 'new') return 'The folder is not trusted yet, so that none of its code is run. Look at its files first.'
  if (trust === 'changed') return 'The folder has changed since it was trusted. Look at what changed first.'
  return null
}

function whyNoRollback({ steps, lastBatch }: MigrationList): string | null {
  if (lastBatch.length === 0) return 'No step is applied.'
  const missing = steps.find(
    ({ name, ledgerName, state }) =>
      state === 'missing' && (lastBatch.includes(name) || (ledgerName !== null && lastBatch.includes(ledgerName))),
  )
  return missing ? `${missing.name} is in the last batch, and its file is missing.` : null
}

function whyNoDownTo(step: MigrationStep, { steps }: MigrationList): string | null {
  const undone = appliedDownTo(steps, step)
  const missing = undone.filter(({ state }) => state === 'missing')
  if (missing.length === 0) return null
  const [first] = missing
  if (first === step) return 'Its file is missing, so that it cannot be undone.'
  return `${plural(missing.length, 'file is', 'files are')} missing on the way down to it: ${first!.name}.`
}

// What a plan comes to, in numbers and in one line.
import type { PlannedStatement, StepPlan } from '../../../shared/migration-runs.ts'
import { count, plural } from '../../ui/wording.ts'

export interface PlanSummary {
  steps: number
  statements: number
  destructive: number
  cannotBeUndone: number
  /** Statements for which all nodes of a cluster stop. */
  stops: number
  /** Steps whose plan ends early, as what follows depends on rows or cannot be told. */
  incomplete: number
}

export function summaryOf(plans: readonly StepPlan[]): PlanSummary {
  const none = { statements: 0, destructive: 0, cannotBeUndone: 0, stops: 0, incomplete: 0 }
  const summary: PlanSummary = { steps: plans.length, ...none }
  for (const { statements, problem } of plans) {
    summary.statements += statements.length
    for (const { destructive, cannotBeUndone, stops } of statements) {
      if (destructive !== null) summary.destructive++
      if (cannotBeUndone) summary.cannotBeUndone++
      if (stops !== undefined) summary.stops++
    }
    if (problem !== null) summary.incomplete++
  }
  return summary
}

export interface SummaryPart {
  text: string
  tone: 'plain' | 'warn' | 'bad'
}

export function summaryParts({
  steps,
  statements,
  destructive,
  cannotBeUndone,
  stops,
  incomplete,
}: PlanSummary): SummaryPart[] {
  const parts: SummaryPart[] = [
    { text: plural(steps, 'step'), tone: 'plain' },
    { text: plural(statements, 'statement'), tone: 'plain' },
  ]
  if (destructive > 0) parts.push({ text: `${count(destructive)} destructive`, tone: 'bad' })
  if (cannotBeUndone > 0) parts.push({ text: `${count(cannotBeUndone)} cannot be undone`, tone: 'warn' })
  if (stops > 0) parts.push({ text: `${count(stops)} ${stops === 1 ? 'stops' : 'stop'} the cluster`, tone: 'warn' })
  if (incomplete > 0) parts.push({ text: `${plural(incomplete, 'step')} not known to the end`, tone: 'warn' })
  return parts
}

/** "3 steps, 7 statements, 1 destructive, 4 cannot be undone" */
export function summaryWords(summary: PlanSummary): string {
  return summaryParts(summary)
    .map(({ text }) => text)
    .join(', ')
}

/** Why nothing of the plan can be rehearsed; null where at least one step can. */
export function whyNotRehearsed(plans: readonly StepPlan[]): string | null {
  if (plans.length === 0) return 'There is no step to rehearse.'
  if (plans.some(({ notRehearsed }) => notRehearsed === null)) return null
  return reasonOfAll(plans) ?? 'None of these steps can be rehearsed; each says why.'
}

/** What is drawn of a step's statements: places in the list, or how many are left out. */
export type Drawn = { at: number } | { leftOut: number }

/**
 * The first `limit` statements, and of the others those that destroy something, at most `limit` more: they must not be
 * overlooked for being late.
 */
export function drawnOf(statements: readonly PlannedStatement[], limit: number): Drawn[] {
  const drawn: Drawn[] = []
  let extra = limit
  for (const [at, { destructive }] of statements.entries()) {
    const isDrawn = at < limit || (destructive !== null && extra-- > 0)
    const last = drawn.at(-1)
    if (isDrawn) drawn.push({ at })
    else if (last && 'leftOut' in last) last.leftOut++
    else drawn.push({ leftOut: 1 })
  }
  return drawn
}

/** Statements that a panel draws before somebody asks for more: in all, and of one step. */
const IN_ALL = 200
const OF_A_STEP = 100

/** How many statements of each step are drawn at first; 0: the step is closed. */
export function firstLimits(plans: readonly StepPlan[]): number[] {
  let room = IN_ALL
  return plans.map(({ statements }) => {
    const limit = Math.max(0, Math.min(OF_A_STEP, room))
    // Without a statement there may be notes, which take room too.
    room -= Math.max(1, Math.min(limit, statements.length))
    return limit
  })
}

/** Why none of them is rehearsed, where it is the same for all. */
export function reasonOfAll(plans: readonly StepPlan[]): string | null {
  const [first] = plans
  return first && plans.every(({ notRehearsed }) => notRehearsed === first.notRehearsed) ? first.notRehearsed : null
}

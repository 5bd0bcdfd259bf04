// What an action on migrations would send, step by step, before anything is sent.
import type { MigrationAction, PlanEvent, StepPlan } from '../../../shared/migration-runs.ts'
import { stepsOf } from '../action-steps.ts'
import { streamEvents } from '../../event-queue.ts'
import { Refusal } from '../../refusal.ts'
import { keyOf } from '../folder/step-name.ts'
import type { Project } from '../project.ts'
import { readState } from '../state.ts'
import type { Programs, StepFile, StepProgram } from '../step.ts'
import type { Ground } from './ground.ts'
import { openServerGround } from './ground-server.ts'
import { openSqliteGround } from './ground-sqlite.ts'
import { planStep } from './plan-step.ts'

export interface PlanOptions {
  project: Project
  action: MigrationAction
  signal: AbortSignal
  /** Milliseconds without a statement, after which a step is ended; 30 s unless told. */
  idleLimit?: number
}

const IDLE_LIMIT = 30_000

/** Throws NOT_TRUSTED and STEP_REFUSED, and what `readState` throws. The last event is `finished`. Never writes. */
export function planMigrations({ signal, ...options }: PlanOptions): AsyncGenerator<PlanEvent, void> {
  return streamEvents<PlanEvent>(signal, async (push, signal) => {
    try {
      push(await plan({ ...options, signal }, (plan) => push({ kind: 'step', plan })))
    } catch (error) {
      if (!signal.aborted) throw error
      push({ kind: 'finished', outcome: 'cancelled', message: 'Cancelled. Nothing was changed.' })
    }
  })
}

async function plan(
  { project, action, signal, idleLimit = IDLE_LIMIT }: PlanOptions,
  onStep: (plan: StepPlan) => void,
): Promise<PlanEvent> {
  const list = await readState(project, signal)
  const { direction, names } = stepsOf(action, list)
  if (names.length === 0) return { kind: 'finished', outcome: 'done', message: 'There is nothing to do.' }
  const plans: StepPlan[] = []
  const programs = project.openPrograms()
  let ground: Ground | null = null
  try {
    // The programs ask the server for its version once; with a single connection in the pool that has to be before.
    const module = names.find((name) => fileOf(project, name)?.kind === 'module')
    if (module !== undefined) await load(project, programs, module, signal)
    ground = await (project.database.dialect === 'sqlite' ? openSqliteGround : openServerGround)(
      project.database,
      signal,
    )
    for (const name of names) {
      signal.throwIfAborted()
      const step = list.steps.find((one) => one.name === name)
      if (!step)
        throw new Refusal('STEP_REFUSED', `There is no step ${name} any more. Look at the list again.`, { name })
      const isBroken = plans.some(({ problem }) => problem !== null)
      const plan = await planStep({
        step,
        direction,
        ...(await load(project, programs, name, signal)),
        ground,
        dependsOn: isBroken ? 'steps' : 'nothing',
        isAgain: action.kind === 'resume' || action.kind === 'undo',
        doneBefore: action.kind === 'resume' ? action.from : 0,
        otherTools: list.otherTools,
        idleLimit,
        signal,
      })
      const isFirst = plans.length === 0
      plans.push(isFirst ? { ...plan, notes: [...plan.notes, ...ground.notes] } : plan)
      onStep(plans.at(-1) ?? plan)
    }
  } finally {
    await Promise.allSettled([programs.close(), ground?.close()])
  }
  return { kind: 'finished', outcome: 'done', message: summary(plans, list.blocked) }
}

/** A folder that was changed under way is refused whole; a step that cannot be loaded is a plan without statements. */
async function load(
  project: Project,
  programs: Programs,
  name: string,
  signal: AbortSignal,
): Promise<{ program: StepProgram | null; problem: string | null }> {
  const file = fileOf(project, name)
  if (!file) return { program: null, problem: `The file of ${name} is not in the folder.` }
  try {
    return { program: await programs.load(file, signal), problem: null }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Refusal && error.code === 'NOT_TRUSTED') throw error
    return { program: null, problem: error instanceof Error ? error.message : String(error) }
  }
}

function fileOf({ files }: Project, name: string): StepFile | undefined {
  return files.find((one) => one.name === name) ?? files.find(({ key }) => key === keyOf(name))
}

function summary(plans: readonly StepPlan[], blocked: string | null): string {
  const statements = plans.flatMap((plan) => plan.statements)
  const losing = statements.filter(({ destructive }) => destructive !== null).length
  const partial = plans.filter(({ problem }) => problem !== null).length
  const parts = [
    `${counted(plans.length, 'step')}, ${counted(statements.length, 'statement')}.`,
    losing > 0 ? `${counted(losing, 'statement')} ${losing === 1 ? 'loses' : 'lose'} something.` : '',
    partial > 0 ? `The plan of ${counted(partial, 'step')} is not whole.` : '',
    'Nothing was changed.',
    blocked === null ? '' : `It cannot be run as it is: ${blocked}`,
  ]
  return parts.filter((part) => part !== '').join(' ')
}

const counted = (count: number, word: string) => `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`

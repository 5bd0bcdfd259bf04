// The health of open tables outside React: what was counted last, and the run that is counting now.
import type { Health } from '../../../shared/health.ts'
import { api } from '../../api.ts'
import { Slot } from '../../tables/selection/slot.ts'
import type { TableModel } from '../../tables/table-model.ts'
import { isAbort, wordsOf, type ErrorWords } from '../../ui/call-error.ts'

export interface HealthRun {
  phase: 'running' | 'done' | 'stopped' | 'failed'
  /** Null before the first state has come. */
  health: Health | null
  problem: ErrorWords | null
}

/** Panels that are open. */
export const healthPanels = new Slot<true>()
export const healthRuns = new Slot<HealthRun>()
const running = new WeakMap<TableModel, AbortController>()

/** Counts anew; a run that is under way ends. */
export async function runHealth(model: TableModel): Promise<void> {
  stopHealth(model)
  const abort = new AbortController()
  running.set(model, abort)
  const tell = (run: HealthRun) => {
    if (running.get(model) === abort) healthRuns.set(model, run)
  }
  let health: Health | null = null
  tell({ phase: 'running', health, problem: null })
  try {
    const { profileId, table } = model
    for await (const state of await api.users.health({ profileId, table }, { signal: abort.signal })) {
      health = state
      tell({ phase: state.isDone ? 'done' : 'running', health, problem: null })
    }
  } catch (error) {
    if (isAbort(error) || abort.signal.aborted) tell({ phase: 'stopped', health, problem: null })
    else tell({ phase: 'failed', health, problem: wordsOf(error) })
  }
}

/** The numbers so far stay. */
export function stopHealth(model: TableModel): void {
  running.get(model)?.abort()
}

/** When the panel is shown: what was counted before stands there with its time, and nothing is counted twice. */
export function showHealth(model: TableModel): void {
  if (healthRuns.get(model) === null) void runHealth(model)
}

/** When it is shown no more: nobody would see a run end. What a person has stopped stays as it is. */
export function hideHealth(model: TableModel): void {
  if (healthRuns.get(model)?.phase !== 'running') return
  stopHealth(model)
  running.delete(model)
  healthRuns.set(model, null)
}

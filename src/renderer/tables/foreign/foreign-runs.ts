// The report of foreign values of open tables, outside React: whether it is open, and what a run has found so far.
import type { ForeignRows } from '../../../shared/foreign-rows.ts'
import { api } from '../../api.ts'
import { isAbort, wordsOf } from '../../ui/call-error.ts'
import { Slot } from '../selection/slot.ts'
import { commitEdit } from '../table-edits.ts'
import type { TableModel } from '../table-model.ts'

export interface ForeignRun {
  phase: 'running' | 'done' | 'stopped' | 'failed'
  found: ForeignRows | null
  problem: string | null
}

export const foreignReports = new Slot<true>()
export const foreignRuns = new Slot<ForeignRun>()
const running = new WeakMap<TableModel, AbortController>()

/** Opens the report, which begins to look. */
export function openForeignReport(model: TableModel): void {
  if (!commitEdit(model)) return
  foreignRuns.set(model, { phase: 'running', found: null, problem: null })
  foreignReports.set(model, true)
}

export function closeForeignReport(model: TableModel): void {
  running.get(model)?.abort()
  running.delete(model)
  foreignReports.set(model, null)
  foreignRuns.set(model, null)
}

export function stopForeign(model: TableModel): void {
  running.get(model)?.abort()
}

/** Looks anew; a run that is under way ends. */
export async function runForeign(model: TableModel): Promise<void> {
  running.get(model)?.abort()
  const own = new AbortController()
  running.set(model, own)
  let found: ForeignRows | null = null
  const tell = (phase: ForeignRun['phase'], problem: string | null = null) => {
    if (running.get(model) === own) foreignRuns.set(model, { phase, found, problem })
  }
  tell('running')
  try {
    const { profileId, table } = model
    for await (const state of await api.tables.foreignRows({ profileId, table }, { signal: own.signal })) {
      found = state
      tell(state.isDone ? 'done' : 'running')
    }
  } catch (error) {
    if (isAbort(error) || own.signal.aborted) tell('stopped')
    else tell('failed', wordsOf(error).message)
  }
}

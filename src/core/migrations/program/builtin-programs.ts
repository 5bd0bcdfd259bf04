// The steps that Roster ships, run in its own process: their code is Roster's.
import type { Dialect } from '../../../shared/profiles.ts'
import { Refusal } from '../../refusal.ts'
import { builtinSteps } from '../builtin.ts'
import type { StepFile, StepProgram } from '../step.ts'
import { runInProcess } from './run-in-process.ts'
import { withSinkKnex } from './sink-knex.ts'

/** Throws STEP_REFUSED where Roster ships no step of that name. */
export function builtinProgram(dialect: Dialect, version: string | undefined, { name }: StepFile): StepProgram {
  const step = builtinSteps.find((one) => one.name === name)
  if (!step) throw new Refusal('STEP_REFUSED', `Roster ships no step named ${name}.`, { name })
  return {
    wantsTransaction: true,
    hasDown: true,
    run: (direction, sink, options) =>
      runInProcess(dialect, sink, options, (own) =>
        withSinkKnex(dialect, own, { ...options, version }, (knex) => step[direction](knex)),
      ),
  }
}

// Schema work as the contract has it: the list of steps, and running them.
import { api } from '../implement.ts'
import { confirmWrite } from '../production.ts'
import { builtinSteps } from './builtin.ts'
import { runMigrations } from './run.ts'
import { readState } from './old-state.ts'

export const migrationsRouter = {
  list: api.migrations.list.handler(({ context, input }) =>
    readState(context.core.databases.of(input.profileId), builtinSteps, context.signal),
  ),

  run: api.migrations.run.handler(({ context, input }) => {
    confirmWrite(context.core.profiles.get(input.profileId), input.confirmation)
    return context.core.runs.during(
      'migrations',
      runMigrations({
        database: context.core.databases.of(input.profileId),
        steps: builtinSteps,
        action: input.action,
        signal: context.signal,
      }),
    )
  }),
}

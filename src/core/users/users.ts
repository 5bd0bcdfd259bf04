// What is special about the users table, as the contract has it.
import type { DemoState } from '../../shared/users.ts'
import { streamEvents } from '../event-queue.ts'
import { api } from '../implement.ts'
import { confirmWrite } from '../production.ts'
import { addDemoUsers } from './add-demo.ts'
import { health } from './health/health-calls.ts'
import { passwordCalls } from './passwords/passwords.ts'

export const usersRouter = {
  health,
  ...passwordCalls,
  addDemo: api.users.addDemo.handler(({ context, input }) => {
    confirmWrite(context.core.profiles.get(input.profileId), input.confirmation)
    const database = context.core.databases.of(input.profileId)
    return context.core.runs.during(
      'demo-users',
      streamEvents<DemoState>(context.signal, (push, signal) => addDemoUsers(database, input.count, push, signal)),
    )
  }),
}

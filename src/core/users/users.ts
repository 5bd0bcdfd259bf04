// What is special about the users table, as the contract has it.
import type { DemoState } from '../../shared/users.ts'
import { streamEvents } from '../event-queue.ts'
import { api } from '../implement.ts'
import { confirmWrite } from '../production.ts'
import { ownerOf } from '../owners/owner-of.ts'
import { Refusal } from '../refusal.ts'
import { addDemoUsers } from './add-demo.ts'
import { alikeUsers } from './alike.ts'
import { health } from './health/health-calls.ts'
import { passwordCalls } from './passwords/passwords.ts'

export const usersRouter = {
  health,
  ...passwordCalls,
  alike: api.users.alike.handler(async ({ input: { profileId, table, email, key }, context: { core, signal } }) => {
    const database = core.databases.of(profileId)
    const shape = await database.describe(table, signal)
    if (!shape) throw new Refusal('TABLE_NOT_FOUND', `There is no table ${table} any more.`, { table })
    const { user } = await ownerOf(database, shape, signal)
    if (!user) return { users: [], isWhole: true }
    return alikeUsers({ database, shape, email: user.email }, email, key, signal)
  }),
  addDemo: api.users.addDemo.handler(({ context, input }) => {
    confirmWrite(context.core.profiles.get(input.profileId), input.confirmation)
    const database = context.core.databases.of(input.profileId)
    return context.core.runs.during(
      'demo-users',
      streamEvents<DemoState>(context.signal, (push, signal) => addDemoUsers(database, input.count, push, signal)),
    )
  }),
}

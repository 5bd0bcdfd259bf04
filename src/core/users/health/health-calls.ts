// The call of the contract that tells the health of a users table.
import type { Health } from '../../../shared/health.ts'
import { sqlDialects } from '../../db/sql-dialects.ts'
import { encodingsOf } from '../../encodings/encodings.ts'
import { streamEvents } from '../../event-queue.ts'
import { api } from '../../implement.ts'
import { ownerOf } from '../../owners/owner-of.ts'
import { Refusal } from '../../refusal.ts'
import { tellHealth } from './health.ts'

export const health = api.users.health.handler(async function* ({ context: { core, signal }, input }) {
  const { profileId, table } = input
  const database = core.databases.of(profileId)
  const shape = await database.describe(table, signal)
  if (!shape) {
    throw new Refusal('TABLE_NOT_FOUND', `There is no table ${table} any more. Reload the list of tables.`, { table })
  }
  const { user } = await ownerOf(database, shape, signal)
  if (!user) throw new Refusal('NO_USERS', `The rows of ${table} are not known to be users.`, { table })
  const dialect = sqlDialects[database.dialect]
  const encodings = await encodingsOf(database, dialect, shape, signal)
  const codecOf = (column: string) => encodings.get(column)?.codec ?? null
  yield* streamEvents<Health>(signal, (push, until) =>
    tellHealth({ database, dialect, subject: { engine: database.dialect, shape, user, codecOf } }, push, until),
  )
})

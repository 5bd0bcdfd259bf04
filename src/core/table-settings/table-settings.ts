// What a person arranged for a table, as the contract has it.
import { columnsOf } from '../../shared/filters.ts'
import { api } from '../implement.ts'
import { isSecretColumn } from '../password-schemes.ts'
import { Refusal } from '../refusal.ts'

export const tableSettingsRouter = {
  read: api.tableSettings.read.handler(({ input, context }) =>
    context.core.tableSettings.read(input.profileId, input.table),
  ),
  write: api.tableSettings.write.handler(async ({ input, context }) => {
    context.core.profiles.get(input.profileId)
    const { profileId, table, layout, filters } = input
    // What is typed into such a condition may be a password, and the file is not sealed.
    const secret = filters?.flatMap(({ filter }) => columnsOf(filter)).find(isSecretColumn)
    if (secret !== undefined) {
      const words = `${secret} holds password hashes. A filter on it is not stored.`
      throw new Refusal('QUERY_FAILED', words, { code: 'SECRET' })
    }
    return context.core.tableSettings.write(profileId, table, {
      ...(layout && { layout }),
      ...(filters && { filters }),
    })
  }),
}

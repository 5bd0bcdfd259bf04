// The contract's `activity`: what Roster sent to a profile's database.
import type { ActivityEntry } from '../../shared/activity.ts'
import { streamEvents } from '../event-queue.ts'
import { api } from '../implement.ts'

export const activityRouter = {
  watch: api.activity.watch.handler(({ context, input: { profileId } }) => {
    context.core.profiles.get(profileId)
    return streamEvents<ActivityEntry[]>(context.signal, (push, signal) =>
      context.core.activity.watch(profileId, push, signal),
    )
  }),
}

// Implements the contract, one line a feature. Both doors serve this same router.
import { activityRouter } from './activity/activity.ts'
import { appRouter } from './app/app.ts'
import { compareRouter } from './compare/compare.ts'
import { connectionsRouter } from './connections/connections.ts'
import { api } from './implement.ts'
import { migrationsRouter } from './migrations/migrations.ts'
import { profilesRouter } from './profiles/profiles.ts'
import { stagedRouter } from './staged/staged.ts'
import { tableSettingsRouter } from './table-settings/table-settings.ts'
import { tablesRouter } from './tables/tables.ts'
import { usersRouter } from './users/users.ts'

export const router = api.router({
  activity: activityRouter,
  app: appRouter,
  compare: compareRouter,
  profiles: profilesRouter,
  connections: connectionsRouter,
  migrations: migrationsRouter,
  staged: stagedRouter,
  tables: tablesRouter,
  tableSettings: tableSettingsRouter,
  users: usersRouter,
})

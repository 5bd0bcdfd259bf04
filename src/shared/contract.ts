// The whole API, once. Client types are derived from it, and core/router.ts implements it.
import type { ContractRouterClient, InferContractRouterOutputs } from '@orpc/contract'
import { activityContract } from './activity.ts'
import { appContract } from './app.ts'
import { compareContract } from './compare.ts'
import { connectionsContract } from './connections.ts'
import { migrationsContract } from './migrations.ts'
import { profilesContract } from './profiles.ts'
import { stagedContract } from './staged.ts'
import { tableSettingsContract } from './table-settings.ts'
import { tablesContract } from './tables.ts'
import { usersContract } from './users.ts'

export const contract = {
  activity: activityContract,
  app: appContract,
  profiles: profilesContract,
  compare: compareContract,
  connections: connectionsContract,
  migrations: migrationsContract,
  staged: stagedContract,
  tables: tablesContract,
  tableSettings: tableSettingsContract,
  users: usersContract,
}

export type Api = ContractRouterClient<typeof contract>
export type Outputs = InferContractRouterOutputs<typeof contract>

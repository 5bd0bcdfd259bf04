// The whole API, once. Client types are derived from it, and core/router.ts implements it.
import type { ContractRouterClient, InferContractRouterOutputs } from '@orpc/contract'
import { appContract } from './app.ts'
import { connectionsContract } from './connections.ts'
import { migrationsContract } from './migrations.ts'
import { profilesContract } from './profiles.ts'
import { stagedContract } from './staged.ts'
import { tablesContract } from './tables.ts'
import { usersContract } from './users.ts'

export const contract = {
  app: appContract,
  profiles: profilesContract,
  connections: connectionsContract,
  migrations: migrationsContract,
  staged: stagedContract,
  tables: tablesContract,
  users: usersContract,
}

export type Api = ContractRouterClient<typeof contract>
export type Outputs = InferContractRouterOutputs<typeof contract>

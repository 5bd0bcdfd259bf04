// The planner of each engine, by its name.
import type { Dialect } from '../../shared/profiles.ts'
import { mysqlPlanner } from './mysql/planner.ts'
import type { Planner } from './planner.ts'
import { postgresPlanner } from './postgres/planner.ts'
import { sqlitePlanner } from './sqlite/planner.ts'

export const planners: Readonly<Record<Dialect, Planner>> = {
  sqlite: sqlitePlanner,
  postgres: postgresPlanner,
  mysql: mysqlPlanner,
}

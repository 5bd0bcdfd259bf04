// PostgreSQL, as the pool and the tables see it.
import type { ServerDialect } from '../server/server-dialect.ts'
import { connect } from './connect.ts'
import { classify, constraint } from './errors.ts'
import { facts } from './facts.ts'
import { describeTable, listTables } from './introspect.ts'
import { openKnex } from './knex.ts'
import { quote } from './names.ts'
import { listReferrers } from './referrers.ts'
import { outcomeOf, serverUse, sessionState, stopSession, stopStatement } from './sessions.ts'
import { readStructure } from './structure.ts'
import { readSurroundings } from './surroundings.ts'
import { readTree } from './tree.ts'

export const postgres: ServerDialect = {
  name: 'postgres',
  connect,
  classify,
  constraint,
  stopStatement,
  stopSession,
  sessionState,
  serverUse,
  outcomeOf,
  facts,
  listTables,
  describeTable,
  listReferrers,
  readTree,
  readSurroundings,
  readStructure,
  quote,
  openKnex,
}

// The dialect of MySQL 8 and MariaDB, put together.
import type { ServerDialect } from '../server/server-dialect.ts'
import { constraint } from './constraint.ts'
import { classify } from './errors.ts'
import { describeTable, listTables } from './introspect.ts'
import { openKnex } from './knex.ts'
import { quote } from './literal.ts'
import { openLink } from './open-link.ts'
import { listReferrers } from './referrers.ts'
import { facts, serverUse } from './server.ts'
import { outcomeOf, sessionState, stopSession, stopStatement } from './sessions.ts'
import { readStructure } from './structure.ts'
import { readSurroundings } from './surroundings.ts'
import { readTree } from './tree.ts'

export const mysql: ServerDialect = {
  name: 'mysql',
  connect: openLink,
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

// A process that takes a run's lock and keeps at it, to be killed by the test that started it.
import type { TestServer } from '../../../../scripts/servers/server.ts'
import type { Place } from '../../../shared/reaching.ts'
import { lookOn, takeLock } from './lock.ts'
import { openJournal } from './open-journal.ts'
import { databaseOn, never } from './run.test-setup.ts'
import { openSchemaSession } from './schema-session.ts'

export interface Hold {
  server: Pick<TestServer, 'kind' | 'host' | 'port' | 'user' | 'password' | 'database'>
  /** The others of a cluster. Absent: none. */
  nodes?: readonly Place[]
  /** Run with the lock held; '' for nothing. */
  sql: string
}

process.on('message', (hold: Hold) => {
  void keep(hold).catch((error: unknown) => process.send?.(String(error)))
})
process.on('disconnect', () => process.exit(0))

async function keep({ server, nodes = [], sql }: Hold): Promise<void> {
  const database = databaseOn(server, nodes)
  const session = await openSchemaSession(database, never)
  const journal = openJournal({ database, where: 'table', folder: '', profileId: 'test' })
  await takeLock(session, { journal, signal: never, onWaiting: () => undefined, person: 'bob@test' })
  process.send?.('held')
  if (sql !== '') await lookOn(session).read({ sql, values: [] })
}

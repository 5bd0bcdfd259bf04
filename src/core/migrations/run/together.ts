// The runner's own writes, in one transaction: all of them are kept, or none.
import type { SchemaSession } from './schema-session.ts'

/** No change of the schema in here: MySQL and MariaDB would keep at once what came before it. */
export async function together<T>(session: SchemaSession, work: () => Promise<T>): Promise<T> {
  await session.begin()
  try {
    // On a cluster: who has lost the lock commits nothing more.
    await session.galera?.fence?.()
    const result = await work()
    await acknowledged(session)
    return result
  } catch (error) {
    await session.rollback().catch(() => undefined)
    throw error
  }
}

/** COMMIT: resolves only when the database has acknowledged it (see `SchemaSession.commit`). */
export function acknowledged(session: SchemaSession): Promise<void> {
  return session.commit()
}

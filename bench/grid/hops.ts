// The hops of a survey, one by one: the same core in this process, with a database that notes how long each of its reads takes.
// Nothing of the product is changed for it; the contract tells only how far a survey is.
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { createCore } from '../../src/core/core.ts'
import type { Database } from '../../src/core/db/database.ts'
import { router } from '../../src/core/router.ts'
import { createHeadlessHost } from '../../src/headless/host.ts'
import { figure } from './figures.ts'
import { attempt, nameOf, SORTS, type Measuring } from './measured.ts'
import { ownFolder } from './own-folder.ts'
import { PROFILE_ID, storeProfiles } from './roster-host.ts'

export async function measureHops(measuring: Measuring): Promise<void> {
  const folder = ownFolder()
  Object.assign(process.env, storeProfiles(folder.path, measuring.engine, measuring.target))
  const core = await createCore(createHeadlessHost({ version: 'bench', dataFolder: join(folder.path, 'data') }))
  try {
    const profileId = PROFILE_ID
    await createRouterClient(router, { context: { core } }).connections.open({ profileId })
    const isWaiting = () => core.databases.connection(profileId).state.state === 'waiting'
    while (isWaiting()) await new Promise((resolve) => setTimeout(resolve, 10))
    const took: number[] = []
    const timed = timedReads(core.databases.of(profileId), took)
    const databases = { ...core.databases, of: () => timed }
    const api = createRouterClient(router, { context: { core: { ...core, databases } } })
    await api.tables.describe({ profileId, table: 'auth_user' })
    for (const sort of SORTS) {
      await attempt(measuring, 'survey', `${nameOf(sort)}: hops`, async () => {
        took.length = 0
        const view = { profileId, table: 'auth_user', sort, filter: null }
        for await (const { isDone } of await api.tables.survey({ view, near: null })) if (isDone) break
        measuring.note(
          figure(measuring.engine, 'survey', `${nameOf(sort)}: survey, each hop`, {
            ...{ roster: took, note: `${took.length} statements, the longest of ${Math.round(Math.max(...took))} ms` },
          }),
        )
      })
    }
  } finally {
    await core.close()
    folder.remove()
  }
}

/** The same database; each read of the table adds its milliseconds to `took`. */
function timedReads(database: Database, took: number[]): Database {
  const read: Database['read'] = async (...given) => {
    const began = performance.now()
    try {
      return await database.read(...given)
    } finally {
      if (given[0].sql.includes('auth_user')) took.push(performance.now() - began)
    }
  }
  return new Proxy(database, {
    get(target, name): unknown {
      if (name === 'read') return read
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value
    },
  })
}

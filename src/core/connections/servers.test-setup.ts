// A whole core with profiles of real servers, asked through the router as a page would.
import { createRouterClient } from '@orpc/server'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestServer } from '../../../scripts/servers/server.ts'
import { createHeadlessHost } from '../../headless/host.ts'
import type { ConnectionState } from '../../shared/connections.ts'
import type { Api } from '../../shared/contract.ts'
import { profileSettings, type ServerProfile } from '../../shared/profiles.ts'
import { createCore } from '../core.ts'
import type { Secrets } from '../host.ts'
import { router } from '../router.ts'

export interface CoreWithServers {
  api: Api
  /** Files in it may be named in profiles. */
  folder: string
  /** Stores a profile of the server with its right password, kept in memory; `more` overrides. A password of null: none is given. */
  add(server: Address, more?: Partial<ServerProfile>, password?: string | null): Promise<string>
  stateOf(profileId: string): ConnectionState
  /** Resolves with the first state for which `is` holds; rejects after `limit` milliseconds, 20 s unless told. */
  until: (profileId: string, is: (state: ConnectionState) => boolean, limit?: number) => Promise<ConnectionState>
  distrust(): void
  close(): Promise<void>
}

type Address = Pick<TestServer, 'kind' | 'host' | 'port' | 'database' | 'user' | 'password'>

/** Without a keychain, unless `secrets` plays one. */
export async function coreWithServers(secrets: Secrets | null = null): Promise<CoreWithServers> {
  const folder = mkdtempSync(join(tmpdir(), 'roster-connections-'))
  const host = createHeadlessHost({ version: 'test', dataFolder: folder, roots: [folder] })
  const core = await createCore({ ...host, secrets })
  const api: Api = createRouterClient(router, { context: { core } })
  const stateOf = (profileId: string) => core.databases.connection(profileId).state
  return {
    api,
    folder,
    async add({ kind, host, port, database, user, password }, more = {}, given = password) {
      const settings = profileSettings.parse({
        ...{ name: `Test ${kind}`, dialect: kind, host, port, database, user, secret: { kind: 'ask' } },
        ...more,
      })
      const { id } = await api.profiles.create({ settings, ...(given !== null && { password: given }) })
      return id
    },
    stateOf,
    until: (profileId, is, limit = 20_000) =>
      new Promise((resolve, reject) => {
        const late = () => done(() => reject(new Error(`It was ${JSON.stringify(stateOf(profileId))}.`)))
        const timer = setTimeout(late, limit)
        const done = (act: () => void) => {
          clearTimeout(timer)
          stop()
          act()
        }
        const look = () => {
          const state = stateOf(profileId)
          if (is(state)) done(() => resolve(state))
        }
        const stop = core.databases.onChange('state', look)
        look()
      }),
    distrust: () => core.distrustConnections(),
    async close() {
      await core.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

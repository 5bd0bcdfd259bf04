// Real servers of a test's own, and their profiles in a Roster that is about to start.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { GIVEN, givenUrl } from '../scripts/servers/given.ts'
import { startGalera, whyNoGalera, type TestCluster } from '../scripts/servers/galera.ts'
import { canInstall } from '../scripts/servers/install-mariadb.ts'
import { startMariadb } from '../scripts/servers/mariadb.ts'
import { whyNoMariadb } from '../scripts/servers/mariadb-engine.ts'
import { startPostgres } from '../scripts/servers/postgres.ts'
import { whyNoPostgres } from '../scripts/servers/postgres-engine.ts'
import type { ServerKind, TestServer } from '../scripts/servers/server.ts'

export type { GaleraNode, TestCluster } from '../scripts/servers/galera.ts'
export type { TestServer } from '../scripts/servers/server.ts'

export const kinds: readonly ServerKind[] = ['postgres', 'mysql']
export const engineNames: Record<ServerKind, string> = { postgres: 'PostgreSQL', mysql: 'MariaDB' }

/** Why no server that can be stopped is to be had here; null when it can. */
function whyNoOwnServer(kind: ServerKind): string | null {
  if (givenUrl(kind)) return `the server that ${GIVEN[kind]} gives is not ours to stop`
  if (kind === 'postgres') return whyNoPostgres()
  return canInstall() ? null : whyNoMariadb()
}

/** One that can be stopped, killed and paused. `settings` are of the server, by name. */
export function startServer(kind: ServerKind, settings: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  return kind === 'postgres' ? startPostgres({ settings }) : startMariadb({ settings })
}

/** The fixture `server`: one of the test's own, filled with `sql` and ended after it. */
export function ownServer(kind: ServerKind, sql?: string) {
  return {
    server: async ({}, use: (server: TestServer) => Promise<void>) => {
      const server = await startServer(kind)
      if (sql !== undefined) await server.admin(sql, server.database)
      await use(server)
      await server.end()
    },
  }
}

/** The fixture `cluster`: three nodes for all tests of a file, which leave them running and Synced. */
export const ownCluster = {
  cluster: [
    async ({}, use: (cluster: TestCluster) => Promise<void>) => {
      const cluster = await startGalera()
      await use(cluster)
      await cluster.end()
    },
    // It is unpacked and started: about 10 s, where several things start at once more.
    { scope: 'worker', timeout: 120_000 },
  ] as [
    (given: object, use: (cluster: TestCluster) => Promise<void>) => Promise<void>,
    { scope: 'worker'; timeout: number },
  ],
}

/** For `test.skip`, as `withoutServer`. */
export function withoutCluster(): [isSkipped: boolean, why: string] {
  const why = whyNoGalera(whyNoOwnServer('mysql'))
  return [why !== null && !process.env.CI, why ?? '']
}

/** For `test.skip`: tests without their server are skipped, and fail where machines decide. */
export function withoutServer(kind: ServerKind): [isSkipped: boolean, why: string] {
  const why = whyNoOwnServer(kind)
  return [why !== null && !process.env.CI, why ?? '']
}

/** Fields of a profile beyond those of the server; see src/shared/profiles.ts. */
interface More {
  name?: string
  secret?: { kind: 'ask' } | { kind: 'environment'; variable: string }
  tries?: number
  delay?: number
  environment?: string
  poolSize?: number
}

/** The variable of the process environment with the server's password, which `profileOf` names. */
const variableOf = ({ kind, port }: TestServer) => `ROSTER_E2E_${kind.toUpperCase()}_${port}`

/** A profile of the server as it is stored. Its password is in the environment of this process, which a host inherits. */
export function profileOf(server: TestServer, more: More = {}): { id: string; name: string } {
  const { kind, host, port, database, user, password } = server
  const variable = variableOf(server)
  process.env[variable] = password
  return {
    ...{ id: `e2e-${kind}-${port}`, name: `Shop on ${engineNames[kind]}`, isSample: false },
    ...{ dialect: kind, host, port, database, user, secret: { kind: 'environment', variable } },
    ...more,
  }
}

/** Stores the sample and these profiles; to be called before the first start. `sample` is the sample's file. */
export function storeProfiles(sample: string, profiles: readonly object[]): void {
  const dataFolder = dirname(sample)
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const first = { id: 'sample', name: 'Sample users (SQLite)', dialect: 'sqlite', file: sample, isSample: true }
  writeFileSync(join(dataFolder, 'profiles.json'), JSON.stringify({ version: 2, profiles: [first, ...profiles] }))
}

/** How often the server has refused a password. */
export function refusals(server: TestServer): number {
  const words = server.kind === 'postgres' ? /password authentication failed/g : /Access denied for user/g
  return server.log().match(words)?.length ?? 0
}

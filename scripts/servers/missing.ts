// Tests that need a database server: where none can be had they are skipped with one line, and have failed where machines
// decide (CI is set).
import { afterAll, beforeAll, beforeEach, describe } from 'vitest'
import { GIVEN, givenUrl } from './given.ts'
import { canInstall } from './install-mariadb.ts'
import { startMariadb } from './mariadb.ts'
import { whyNoMariadb } from './mariadb-engine.ts'
import { startPostgres } from './postgres.ts'
import { whyNoPostgres } from './postgres-engine.ts'
import type { ServerKind, ServerOptions, TestServer } from './server.ts'

interface Needs extends ServerOptions {
  /** The server is stopped, killed, paused or its log is read: a given one does not do. Asking for settings says so too. */
  own?: boolean
}

/** Milliseconds; MariaDB may have to be installed first. */
const START_LIMIT = 300_000

/** A describe() with a server of its own: `describeWithPostgres('saving', (server) => { it(…, () => server().admin(…)) })`. */
export const describeWithPostgres = (name: string, tests: (server: () => TestServer) => void, needs: Needs = {}) =>
  describeWith('postgres', name, tests, needs)

export const describeWithMariadb = (name: string, tests: (server: () => TestServer) => void, needs: Needs = {}) =>
  describeWith('mysql', name, tests, needs)

/** Why no such server can be had here, in one line; null when it can. */
export function whyNoServer(kind: ServerKind, needs: Needs = {}): string | null {
  const mustBeOwn = needs.own === true || needs.port !== undefined || needs.settings !== undefined
  if (givenUrl(kind)) return mustBeOwn ? `the server that ${GIVEN[kind]} gives is not ours to stop or set up` : null
  if (kind === 'postgres') return whyNoPostgres()
  return canInstall() ? null : whyNoMariadb()
}

function describeWith(kind: ServerKind, name: string, tests: (server: () => TestServer) => void, needs: Needs): void {
  const { own: _own, ...options } = needs
  const why = whyNoServer(kind, needs)
  // A given server was chosen on purpose, and the other job of the matrix runs these.
  const isFailure = why !== null && Boolean(process.env.CI) && !givenUrl(kind)
  if (why !== null && !isFailure) console.log(`Skipped "${name}": ${why}.`)
  describe.skipIf(why !== null && !isFailure)(name, () => {
    let server: TestServer | null = null
    let failure: Error | null = why === null ? null : new Error(why)
    beforeAll(async () => {
      if (failure !== null) return
      try {
        server = await (kind === 'postgres' ? startPostgres(options) : startMariadb(options))
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error))
      }
    }, START_LIMIT)
    // Thrown here, every test counts as failed; thrown in beforeAll, they would count as skipped.
    beforeEach(() => {
      if (failure !== null) throw failure
    })
    afterAll(() => server?.end())
    tests(() => {
      if (!server) throw new Error('The server is there from beforeAll on.')
      return server
    })
  })
}

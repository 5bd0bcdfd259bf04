// Tests that need a database server: where none can be had they are skipped with one line, and have failed where machines
// decide (CI is set).
import { afterAll, beforeAll, beforeEach, describe } from 'vitest'
import { GIVEN, givenUrl } from './given.ts'
import { startGalera, whyNoGalera, type TestCluster } from './galera.ts'
import { canInstall } from './install-mariadb.ts'
import { startMariadb } from './mariadb.ts'
import { whyNoMariadb } from './mariadb-engine.ts'
import { startPython, whyNoPython, type PythonLibraries } from './python-libraries.ts'
import { startPostgres } from './postgres.ts'
import { whyNoPostgres } from './postgres-engine.ts'
import type { ServerKind, ServerOptions, TestServer } from './server.ts'
import { startSshd, whyNoSshd, type SshdOptions, type TestSshd } from './sshd.ts'

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

/** A describe() with a cluster of three nodes: about 10 s to start, so one for a whole file. */
export function describeWithGalera(name: string, tests: (cluster: () => TestCluster) => void): void {
  const why = whyNoGalera(canInstall() ? null : whyNoMariadb())
  describeWithStarted(name, tests, { why, isFailure: why !== null && isDecided('mysql'), start: () => startGalera() })
}

/** A describe() with an SSH server of its own. */
export function describeWithSshd(name: string, tests: (sshd: () => TestSshd) => void, options: SshdOptions = {}): void {
  const why = whyNoSshd()
  const isFailure = why !== null && Boolean(process.env.CI)
  describeWithStarted(name, tests, { why, isFailure, start: () => startSshd(options) })
}

/** A describe() with the libraries that applications in Python use for their users (SQLAlchemy, Flask-Security, Django). */
export function describeWithPython(name: string, tests: (python: () => PythonLibraries) => void): void {
  const why = whyNoPython()
  const isFailure = why !== null && Boolean(process.env.CI) && process.platform === 'linux'
  describeWithStarted(name, tests, { why, isFailure, start: () => startPython() })
}

/** Why no such server can be had here, in one line; null when it can. */
export function whyNoServer(kind: ServerKind, needs: Needs = {}): string | null {
  const mustBeOwn = needs.own === true || needs.port !== undefined || needs.settings !== undefined
  if (givenUrl(kind)) return mustBeOwn ? `the server that ${GIVEN[kind]} gives is not ours to stop or set up` : null
  if (kind === 'postgres') return whyNoPostgres()
  return canInstall() ? null : whyNoMariadb()
}

/** Machines decide, and no server was chosen on purpose: then the other job of the matrix runs these. */
const isDecided = (kind: ServerKind) => Boolean(process.env.CI) && !givenUrl(kind)

function describeWith(kind: ServerKind, name: string, tests: (server: () => TestServer) => void, needs: Needs): void {
  const { own: _own, ...options } = needs
  const why = whyNoServer(kind, needs)
  const start = () => (kind === 'postgres' ? startPostgres(options) : startMariadb(options))
  describeWithStarted(name, tests, { why, isFailure: why !== null && isDecided(kind), start })
}

interface Startable<S> {
  why: string | null
  /** That it cannot be had fails the tests. */
  isFailure: boolean
  start: () => Promise<S>
}

function describeWithStarted<S extends { end(): Promise<void> }>(
  name: string,
  tests: (started: () => S) => void,
  { why, isFailure, start }: Startable<S>,
): void {
  if (why !== null && !isFailure) console.log(`Skipped "${name}": ${why}.`)
  describe.skipIf(why !== null && !isFailure)(name, () => {
    let started: S | null = null
    let failure: Error | null = why === null ? null : new Error(why)
    beforeAll(async () => {
      if (failure !== null) return
      try {
        started = await start()
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error))
      }
    }, START_LIMIT)
    // Thrown here, every test counts as failed; thrown in beforeAll, they would count as skipped.
    beforeEach(() => {
      if (failure !== null) throw failure
    })
    afterAll(() => started?.end(), START_LIMIT)
    tests(() => {
      if (!started) throw new Error('What was started is there from beforeAll on.')
      return started
    })
  })
}

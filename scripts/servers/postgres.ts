// A PostgreSQL server for tests: `const server = await startPostgres()`, and `await server.end()` afterwards.
import { givenUrl, useGiven } from './given.ts'
import { startOwn } from './own-server.ts'
import type { ServerOptions, TestServer } from './server.ts'

export type { ServerOptions, TestServer } from './server.ts'

/**
 * Starts PostgreSQL 16 on 127.0.0.1, or uses the one that ROSTER_TEST_POSTGRES names when nothing is asked of the server
 * that a given one cannot do. Rejects with words that say what is missing.
 */
export function startPostgres(options: ServerOptions = {}): Promise<TestServer> {
  const url = givenUrl('postgres')
  return url && !options.port && !options.settings ? useGiven('postgres', url) : startOwn('postgres', options)
}

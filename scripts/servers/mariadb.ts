// A MariaDB server for tests: `const server = await startMariadb()`, and `await server.end()` afterwards.
import { givenUrl, useGiven } from './given.ts'
import { installMariadb } from './install-mariadb.ts'
import { startOwn } from './own-server.ts'
import type { ServerOptions, TestServer } from './server.ts'

export type { ServerOptions, TestServer } from './server.ts'

/**
 * Starts MariaDB on 127.0.0.1, from Debian's packages, which root installs where they are missing; or uses the server that
 * ROSTER_TEST_MYSQL names when nothing is asked of it that a given one cannot do. Rejects with words that say what is missing.
 */
export async function startMariadb(options: ServerOptions = {}): Promise<TestServer> {
  const url = givenUrl('mysql')
  if (url && !options.port && !options.settings) return useGiven('mysql', url)
  const missing = await installMariadb()
  if (missing) throw new Error(missing)
  return startOwn('mysql', options)
}

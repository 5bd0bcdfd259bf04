// PostgreSQL's own client, which alone understands the dumps of pg_dump: the system's, or Debian's package unpacked.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram } from '../project.ts'
import type { TestServer } from './server.ts'
import { unpackTogether } from './unpacked-package.ts'

const SYSTEM = '/usr/bin/psql'
/** With the libraries that a machine without any database may lack. */
const PACKAGES = ['postgresql-client-15', 'libpq5', 'libldap-2.5-0', 'libsasl2-2', 'libreadline8']

async function findPsql(): Promise<{ program: string; env: NodeJS.ProcessEnv }> {
  if (existsSync(SYSTEM)) return { program: SYSTEM, env: process.env }
  const folder = await unpackTogether('psql', PACKAGES)
  const libraries = join(folder, 'usr/lib', process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu')
  return {
    program: join(folder, 'usr/lib/postgresql/15/bin/psql'),
    env: { ...process.env, LD_LIBRARY_PATH: libraries },
  }
}

/** Runs a file of SQL in a database of the server. Rejects with psql's own words at the first error. */
export async function runWithPsql(server: TestServer, database: string, file: string): Promise<void> {
  const { program, env } = await findPsql()
  const { host, port, user, password } = server
  const at = ['-h', host, '-p', String(port), '-U', user, '-d', database]
  const { code, output } = await runProgram(program, ['-X', '-q', '-v', 'ON_ERROR_STOP=1', ...at, '-f', file], {
    env: { ...env, PGPASSWORD: password },
  })
  if (code !== 0) throw new Error(`psql could not run ${file}: ${output}`)
}

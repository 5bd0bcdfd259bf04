// A server that is already there, given by address: the suite runs on it in a database of its own. Continuous integration
// gives the servers that npm and Debian do not have (MySQL 8.4, PostgreSQL 18, MariaDB 11.8).
import { randomBytes } from 'node:crypto'
import { runSql } from './admin.ts'
import { describeServer, type ServerKind, type TestServer } from './server.ts'

export const GIVEN: Record<ServerKind, string> = { postgres: 'ROSTER_TEST_POSTGRES', mysql: 'ROSTER_TEST_MYSQL' }

export function givenUrl(kind: ServerKind): string | undefined {
  return process.env[GIVEN[kind]] || undefined
}

/** `postgres://user:password@host:port/database` or `mysql://…`, of a user who may make databases and users. */
export async function useGiven(kind: ServerKind, url: string): Promise<TestServer> {
  const { hostname, port, username, password, pathname } = new URL(url)
  const given = {
    kind,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (kind === 'postgres' ? 5432 : 3306)),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  }
  const first = { ...given, database: decodeURIComponent(pathname.slice(1)) || (kind === 'postgres' ? 'postgres' : '') }
  const suffix = randomBytes(4).toString('hex')
  const database = `roster_${suffix}`
  await runSql(first, `CREATE DATABASE ${database}`)
  const [row] = await runSql(first, kind === 'postgres' ? 'SHOW server_version' : 'SELECT version()')
  const at = { ...given, database }
  const names = new Set<string>()
  const refuse = () =>
    Promise.reject(new Error(`${GIVEN[kind]} gave this server; it is not ours to stop, kill or pause.`))
  const end = async () => {
    await runSql(first, `DROP DATABASE IF EXISTS ${database}${kind === 'postgres' ? ' WITH (FORCE)' : ''}`)
    const what = kind === 'postgres' ? 'ROLE' : 'USER'
    // A role that still owns something elsewhere is left; its name is not used again.
    for (const name of names) await runSql(first, `DROP ${what} IF EXISTS ${name}`).catch(() => undefined)
  }
  return {
    ...at,
    ...describeServer(at),
    version: row?.[0] ?? '',
    pid: null,
    isOwn: false,
    ...{ stop: refuse, kill: refuse, pause: refuse, resume: refuse, restart: refuse },
    end,
    admin: (sql, inDatabase = database) => runSql({ ...given, database: inDatabase }, sql),
    log: () => '',
    unique: (name) => {
      names.add(`${name}_${suffix}`)
      return `${name}_${suffix}`
    },
    [Symbol.asyncDispose]: end,
  }
}

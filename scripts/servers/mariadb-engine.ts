// MariaDB from Debian's packages: mariadb-install-db and mariadbd, started directly, without the system's service.
import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { serverAccount } from './account.ts'
import { giveTo } from './template.ts'
import { plainEnvironment, runAs, type Admin, type Engine, type Found, type Place } from './engine.ts'

/** PATH, and where Debian keeps servers, which is not on the PATH of everyone. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin']
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null
}

/** The server that was chosen, or the one that is found. */
function findServer(): string | null {
  const chosen = process.env.MARIADBD
  if (chosen) return existsSync(chosen) ? chosen : null
  return findProgram('mariadbd')
}

function find(): Found {
  const program = findServer()
  if (!program || !findProgram('mariadb-install-db') || !findProgram('my_print_defaults'))
    throw new Error(
      'MariaDB is not there. Install it (Debian: apt-get install --no-install-recommends mariadb-server-core ' +
        'mariadb-client-core) or set MARIADBD to the path of mariadbd',
    )
  const account = serverAccount('mysql')
  const version = /Ver (\S+)/.exec(runAs(account, program, ['--no-defaults', '--version']))?.[1]
  if (!version) throw new Error(`${program} --version told no version.`)
  return { program, version, account }
}

/** The admin is the only one who can log in; root without a password, as the tool makes it, goes. */
const firstUsers = ({ user, password }: Admin) => `
DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys';
FLUSH PRIVILEGES;
CREATE USER ${user}@'%' IDENTIFIED VIA mysql_native_password USING PASSWORD('${password}');
GRANT ALL PRIVILEGES ON *.* TO ${user}@'%' WITH GRANT OPTION;
CREATE DATABASE ${user};
`

async function prepare(found: Found, place: Place, admin: Admin): Promise<void> {
  const small = ['--innodb-log-file-size=8M', '--innodb-flush-log-at-trx-commit=0']
  runAs(found.account, findProgram('mariadb-install-db') ?? '', [
    ...['--no-defaults', `--datadir=${place.data}`, '--skip-test-db', '--auth-root-authentication-method=normal'],
    ...[`--tmpdir=${place.folder}`, ...small],
  ])
  const first = join(place.folder, 'first.sql')
  writeFileSync(first, firstUsers(admin).trim(), { mode: 0o600 })
  giveTo(found.account, first)
  const args = ['--no-defaults', `--datadir=${place.data}`, `--socket=${join(place.folder, 's')}`, '--skip-networking']
  const server = spawn(found.program, [...args, ...small, `--tmpdir=${place.folder}`, `--init-file=${first}`], {
    ...found.account,
    cwd: '/',
    env: plainEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()))
  server.stderr.on('data', (text: Buffer) => {
    log += text.toString()
    if (mariadbEngine.ready.test(log)) server.kill('SIGTERM')
  })
  await ended
  if (!mariadbEngine.ready.test(log) || /\[ERROR\]/.test(log))
    throw new Error(`MariaDB could not make its users:\n${log}`)
}

const settingsOf = (folder: string) => ({
  // A server that starts removes the temporary tables of whoever shares its folder for them.
  tmpdir: folder,
  'bind-address': '127.0.0.1',
  'skip-name-resolve': '1',
  'innodb-buffer-pool-size': '32M',
  'innodb-log-file-size': '8M',
  // Written at every COMMIT and never synced: a killed server loses nothing, only a failing machine would.
  'innodb-flush-log-at-trx-commit': '2',
  'performance-schema': 'OFF',
  'local-infile': '1',
  // As Debian's own configuration has it.
  'character-set-server': 'utf8mb4',
  'collation-server': 'utf8mb4_general_ci',
  'general-log-file': join(folder, 'general.log'),
})

export const mariadbEngine: Engine = {
  name: 'mariadb',
  find,
  prepare,
  args: ({ data, folder, port }, settings) => {
    const asked = Object.entries(settings).map(([name, value]) => [name.replaceAll('_', '-'), value] as const)
    const all = { ...settingsOf(folder), ...Object.fromEntries(asked) }
    return [
      ...['--no-defaults', `--datadir=${data}`, `--port=${port}`],
      ...[`--socket=${join(folder, 's')}`, `--pid-file=${join(folder, 'pid')}`],
      ...Object.entries(all).map(([name, value]) => `--${name}=${value}`),
    ]
  },
  ready: /ready for connections\./,
  portTaken: /Bind on TCP\/IP port|Address already in use/,
  stopSignal: 'SIGTERM',
  logs: ['server.log', 'general.log'],
}

/** Whether it can be had without installing anything; the words that say what is missing otherwise. */
export function whyNoMariadb(): string | null {
  try {
    find()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

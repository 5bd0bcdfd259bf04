// What every engine's server is held to: a password, its data kept, its processes stopped and killed, nothing left behind.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, expect, it, vi } from 'vitest'
import { nodeProgram } from '../setup.mjs'
import { runSql } from './admin.ts'
import { freePort, isFree } from './free-port.ts'
import { startMariadb } from './mariadb.ts'
import { describeWithMariadb, describeWithPostgres } from './missing.ts'
import { startPostgres } from './postgres.ts'
import { treeOf, whenGone } from './process-tree.ts'
import type { ServerKind, TestServer } from './server.ts'

// A temp folder of this file's own: others start servers at the same time, and here their folders are counted.
const temp = mkdtempSync(join(tmpdir(), 'roster-test-servers-'))
chmodSync(temp, 0o755)
process.env.TMPDIR = temp
afterAll(() => rmSync(temp, { recursive: true }))

const ENGINES = {
  postgres: {
    describeWith: describeWithPostgres,
    start: startPostgres,
    file: 'postgres.ts',
    slow: 'SELECT pg_sleep(60)',
  },
  mysql: { describeWith: describeWithMariadb, start: startMariadb, file: 'mariadb.ts', slow: 'SELECT sleep(60)' },
} as const
type Engine = (typeof ENGINES)[ServerKind]

/** The run folders that are there now, by their name. */
const folders = () => readdirSync(temp).filter((name) => name.startsWith('roster-server-'))
const isAlive = (pid: number) => treeOf(pid).length > 0

/** The run's folder, from the arguments of the server's process. */
function folderOf(pid: number): string {
  const found = /\/[^\0]*\/roster-server-[^/]+/.exec(
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/^[^\0]*/, ''),
  )
  return found?.[0] ?? ''
}

function pidOf(server: TestServer): number {
  if (server.pid === null) throw new Error('The server does not run.')
  return server.pid
}

/** Milliseconds it took. */
async function timed(work: Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work
  return performance.now() - began
}

for (const [kind, { describeWith, start, slow }] of Object.entries(ENGINES) as [ServerKind, Engine][]) {
  describeWith(
    `a server of ${kind}`,
    (server) => {
      it('answers its admin, in text, with the rows of the last statement', async () => {
        expect(await server().admin('SELECT 1, NULL')).toEqual([['1', null]])
        expect(await server().admin('SELECT 1; SELECT 12345678901234567890 AS big')).toEqual([['12345678901234567890']])
        expect(await server().admin('CREATE TABLE none (a int)')).toEqual([])
        expect(server().version).toMatch(/^\d+\.\d+/)
      })

      it('describes itself in the settings of the standard', () => {
        const { env, url, host, port, user, password, database } = server()
        expect(env).toMatchObject({ DB_HOST: host, DB_PORT: String(port), DB_NAME: database, DB_USER: user })
        expect([new URL(url).port, decodeURIComponent(new URL(url).password)]).toEqual([String(port), password])
      })

      it('refuses a wrong password and an unknown user, and its log counts them', async () => {
        const refused = () =>
          server()
            .log()
            .split('\n')
            .filter((line) => /authentication failed|Access denied/.test(line))
        const before = refused().length
        const wrong = { password: 'wrong' }
        await expect(runSql({ ...server(), ...wrong }, 'SELECT 1')).rejects.toThrow(/password|denied/)
        await expect(runSql({ ...server(), ...wrong, user: 'root' }, 'SELECT 1')).rejects.toThrow(/password|denied/)
        await vi.waitFor(() => expect(refused().length - before).toBe(2))
      })

      it('knows nobody but its admin', async () => {
        const users =
          kind === 'postgres'
            ? 'SELECT rolname FROM pg_roles WHERE rolcanlogin'
            : 'SELECT User FROM mysql.global_priv ORDER BY 1'
        // mariadb.sys owns views, and is locked.
        expect((await server().admin(users)).flat()).toEqual(
          kind === 'postgres' ? ['roster'] : ['mariadb.sys', 'roster'],
        )
      })

      it('keeps data and port over stop, kill and restart', async () => {
        const { port } = server()
        await server().admin('CREATE TABLE kept (a int)')
        for (const end of ['stop', 'kill', 'kill'] as const) {
          await server().admin('INSERT INTO kept VALUES (1)')
          await server()[end]()
          expect(server().pid).toBeNull()
          await expect(server().admin('SELECT 1')).rejects.toThrow(/ECONNREFUSED/)
          await server().restart()
        }
        expect(server().port).toBe(port)
        expect(await server().admin('SELECT count(*) FROM kept')).toEqual([['3']])
        await server().restart()
        expect(await server().admin('SELECT count(*) FROM kept')).toEqual([['3']])
      })

      it('kills the processes of its sessions too, in the middle of their work', async () => {
        const working = server()
          .admin(slow)
          .catch((error: unknown) => error)
        await vi.waitFor(async () => expect(await sessionsAt(server(), slow)).toBe(1))
        const tree = treeOf(pidOf(server()))
        await server().kill()
        expect(tree.filter(isAlive)).toEqual([])
        expect(await working).toBeInstanceOf(Error)
        await server().restart()
      })

      it('pauses and goes on', async () => {
        await server().pause()
        let isAnswered = false
        const answer = server()
          .admin('SELECT 5')
          .finally(() => (isAnswered = true))
        await wait(200)
        expect(isAnswered).toBe(false)
        await server().resume()
        expect(await answer).toEqual([['5']])
      })

      it('can be stopped and killed while it is paused', async () => {
        for (const end of ['stop', 'kill'] as const) {
          await server().pause()
          expect(await timed(server()[end]())).toBeLessThan(5000)
          await server().restart()
        }
        expect(await server().admin('SELECT 6')).toEqual([['6']])
      })

      it('notices when someone else ends it', async () => {
        process.kill(pidOf(server()), 'SIGKILL')
        await vi.waitFor(() => expect(server().pid).toBeNull())
        await server().restart()
        expect(await server().admin('SELECT 7')).toEqual([['7']])
      })

      it('runs beside others of its kind, on a port that is asked for, with settings, and leaves nothing', async () => {
        const port = await freePort()
        const settings = { max_connections: '17' }
        const second = await start({ port, settings })
        const folder = folderOf(pidOf(second))
        expect(existsSync(folder)).toBe(true)
        const tree = treeOf(pidOf(second))
        expect(second.port).toBe(port)
        const show = kind === 'postgres' ? 'SHOW max_connections' : 'SELECT @@max_connections'
        expect(await second.admin(show)).toEqual([['17']])
        await second.admin('CREATE TABLE only_here (a int)')
        await expect(server().admin('SELECT * FROM only_here')).rejects.toThrow(/exist/)
        await expect(start({ port })).rejects.toThrow(`Port ${port} is used by another program`)
        await second.end()
        expect(tree.filter(isAlive)).toEqual([])
        expect(existsSync(folder)).toBe(false)
        expect(await isFree(port)).toBe(true)
        await expect(second.restart()).rejects.toThrow('This database server was ended.')
        expect(second.log()).toContain('ready')
      })

      it('says its own words when it does not start, and leaves nothing', async () => {
        const before = folders()
        await expect(start({ settings: { no_such_setting: '1' } })).rejects.toThrow(/no.such.setting/)
        expect(folders()).toEqual(before)
      })

      it.for(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
        'leaves no process and no folder when its starter gets %s',
        async (signal) => {
          const { starter, pid, port } = await startElsewhere(kind)
          const folder = folderOf(pid)
          const session = connect(port, '127.0.0.1').on('error', () => undefined)
          await once(session, 'connect')
          const tree = treeOf(pid)
          expect(existsSync(folder)).toBe(true)
          starter.kill(signal)
          await whenGone(tree)
          await vi.waitFor(() => expect(existsSync(folder)).toBe(false), { timeout: 5000 })
          session.destroy()
        },
      )

      it('leaves nothing when its starter is killed while it starts, or while the server is paused', async () => {
        const before = folders()
        const early = spawnStarter(kind)
        await vi.waitFor(() => expect(folders().length).toBeGreaterThan(before.length), { interval: 1, timeout: 5000 })
        early.kill('SIGKILL')
        const paused = await startElsewhere(kind, 'await server.pause()')
        const tree = treeOf(paused.pid)
        expect(tree.length).toBeGreaterThan(0)
        paused.starter.kill('SIGKILL')
        await whenGone(tree)
        await vi.waitFor(() => expect(folders()).toEqual(before), { timeout: 10_000 })
      })

      it('is prepared once when several start at the same time, and again when the template has lost a file', async () => {
        const templates = join(temp, `roster-servers-${process.getuid?.() ?? 0}`)
        rmSync(templates, { recursive: true })
        const servers = await Promise.all([start(), start(), start()])
        for (const started of servers) expect(await started.admin('SELECT 1')).toEqual([['1']])
        expect(new Set(servers.map(({ port }) => port)).size).toBe(3)
        await Promise.all(servers.map((started) => started.end()))
        // No folder of a loser is left.
        const [template = '', ...others] = readdirSync(templates)
        expect(others).toEqual([])
        rmSync(join(templates, template, 'data', kind === 'postgres' ? 'global/pg_filenode.map' : 'ibdata1'))
        const again = await start()
        expect(await again.admin('SELECT 1')).toEqual([['1']])
        await again.end()
        expect(readdirSync(templates)).toEqual([template])
      })
    },
    { own: true },
  )
}

/** A program that starts a server, as a test's worker does, says where it is, and waits. */
function spawnStarter(kind: ServerKind, then = ''): ChildProcess {
  const { file, start } = ENGINES[kind]
  const code = `
    import { ${start.name} } from '${join(import.meta.dirname, file)}'
    const server = await ${start.name}()
    ${then}
    console.log(JSON.stringify({ pid: server.pid, port: server.port }))
    setInterval(() => undefined, 1000)`
  const args = ['--input-type=module', '--eval', code]
  return spawn(nodeProgram(), args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env } })
}

async function startElsewhere(kind: ServerKind, then?: string) {
  const starter = spawnStarter(kind, then)
  const [text] = (await once(starter.stdout ?? starter, 'data')) as [Buffer]
  return { starter, ...(JSON.parse(text.toString()) as { pid: number; port: number }) }
}

async function sessionsAt(server: TestServer, sql: string): Promise<number> {
  const list =
    server.kind === 'postgres'
      ? `SELECT count(*) FROM pg_stat_activity WHERE query = '${sql}'`
      : `SELECT count(*) FROM information_schema.processlist WHERE info = '${sql}'`
  return Number((await server.admin(list))[0]?.[0])
}

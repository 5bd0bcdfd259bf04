// What can happen to a save at its COMMIT: on a server through a proxy and a second session, on a file through the process
// that holds it. Each fault strikes once, at the next COMMIT (or UPDATE) after it was armed.
import { setTimeout as pause } from 'node:timers/promises'
import type { Link } from '../../../scripts/servers/fault-link.ts'
import { startProxy, type Act, type Proxy } from '../../../scripts/servers/fault-proxy.ts'
import type { Host, HostProcess } from '../host.ts'
import { untilOpen, type Engine, type Opened } from './engines.test-setup.ts'

export interface Faulty {
  opened: Opened
  /** Strikes at the next save. */
  arm(fault: AtCommit): void
  /** Resolves when the database can be asked again from elsewhere. */
  settled(): Promise<void>
  /** For a server: the network is back, and a person opens the profile again. */
  reach?(): Promise<void>
  close(): Promise<void>
}

/**
 * - `midway`: the connection ends before COMMIT is sent, at the first UPDATE.
 * - `undelivered`: the connection ends before COMMIT reaches the database.
 * - `lost-reply`: the database has taken COMMIT, and its answer does not come back.
 * - `killed-before`, `killed-while`: the session (or process) is killed when COMMIT is about to arrive, or while it works.
 * - `server-killed`: all of the server, and started again.
 * - `unreachable`: as `lost-reply` or `undelivered`, and nobody is reached afterwards until a person opens the profile again.
 */
export type AtCommit =
  | 'midway'
  | 'undelivered'
  | 'lost-reply'
  | 'killed-before'
  | 'killed-while'
  | 'server-killed'
  | 'unreachable'
  | 'unreachable-undelivered'

export async function openFaulty(engine: Engine, setup: string): Promise<Faulty> {
  return engine.server ? faultyServer(engine, engine.server(), setup) : faultyFile(engine, setup)
}

async function faultyServer(engine: Engine, server: ReturnType<NonNullable<Engine['server']>>, setup: string) {
  const proxy: Proxy = await startProxy(server)
  const opened = await engine.open(setup, { through: proxy })
  let armed: AtCommit | null = null
  let restarted: Promise<void> = Promise.resolve()
  let cut: Promise<void> = Promise.resolve()
  // All sessions with an open transaction, which is the one that is about to commit.
  const killSql = engine.pick({
    sqlite: '',
    postgres: `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'Roster'
      and xact_start is not null and datname = current_database()`,
    mysql: `begin not atomic for t in (select trx_mysql_thread_id as id from information_schema.innodb_trx
      where trx_mysql_thread_id <> connection_id()) do execute immediate concat('kill connection ', t.id); end for; end`,
  })
  const kill = () => opened.sql(killSql).catch(() => undefined)

  async function strike(fault: AtCommit, struck: Link): Promise<Act | undefined> {
    switch (fault) {
      case 'midway':
      case 'undelivered':
        return 'cut'
      case 'lost-reply':
        return 'drop-reply'
      case 'killed-before':
        await kill()
        return undefined
      case 'killed-while':
        void kill()
        await soon()
        return undefined
      case 'server-killed':
        restarted = server.kill().then(() => server.restart())
        await soon()
        return undefined
      case 'unreachable':
      case 'unreachable-undelivered':
        await proxy.mode('refuse')
        // Connections that idle in the pool end as well, before anyone can look by them; the struck one after its act.
        for (const link of proxy.connections) if (link !== struck) link.cut()
        cut = pause(50).then(() => proxy.connections.forEach((link) => link.cut()))
        return fault === 'unreachable' ? 'drop-reply' : 'cut'
    }
  }
  proxy.onClientBytes = (bytes, connection) => {
    const fault = armed
    const when = fault === 'midway' ? /\bupdate [`"]item/i : /\bcommit\b/i
    if (!fault || !when.test(bytes.toString('latin1'))) return undefined
    armed = null
    return strike(fault, connection)
  }
  return {
    opened,
    arm: (fault: AtCommit) => void (armed = fault),
    settled: () => restarted,
    async reach() {
      await cut
      await proxy.mode('pass')
      await opened.api.connections.open({ profileId: opened.profileId })
      await untilOpen(opened.core, opened.profileId)
    },
    async close() {
      await opened.close()
      await proxy.stop()
    },
  }
}

/** Up to as long as a kill takes to arrive, so that sometimes the one comes first and sometimes the other. */
const soon = () => pause(Math.random() * 12)

async function faultyFile(engine: Engine, setup: string): Promise<Faulty> {
  let armed: AtCommit | null = null
  const host = (real: Host): Host => ({ ...real, spawn: (entry) => watched(real.spawn(entry)) })
  function watched(process: HostProcess): HostProcess {
    let swallowed: number | null = null
    let due: NodeJS.Timeout | undefined
    return {
      ...process,
      get pid() {
        return process.pid
      },
      onMessage: (listener) =>
        process.onMessage((message) => {
          clearTimeout(due)
          if (swallowed === null || (message as { id?: number }).id !== swallowed) return listener(message)
          process.kill()
        }),
      send(message) {
        const { id, kind } = message as { id: number; kind: string }
        const fault = kind === 'commit' ? armed : null
        if (fault === null) return process.send(message)
        armed = null
        if (fault === 'undelivered') return process.kill()
        if (fault === 'lost-reply') swallowed = id
        process.send(message)
        // A process that has answered by then is left alone: it would be the next call that fails.
        if (fault === 'killed-while') due = setTimeout(() => process.kill(), Math.random() * 4)
      },
    }
  }
  const opened = await engine.open(setup, { host })
  return {
    opened,
    arm: (fault) => void (armed = fault),
    settled: () => Promise.resolve(),
    close: () => opened.close(),
  }
}

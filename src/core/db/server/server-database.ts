// A database on a server: the pool, cancelling and limits around what PostgreSQL and MySQL each bring.
import type { ClusterMove } from '../../../shared/cluster.ts'
import type { ConnectPhase } from '../../../shared/connections.ts'
import type { Log } from '../../log.ts'
import { unavailable } from '../../refusal.ts'
import { clusterOf } from '../galera/cluster-of.ts'
import type { Role } from './aside.ts'
import { connectLink } from './connect-link.ts'
import type { Database } from '../database.ts'
import { decide } from '../decide.ts'
import { withEncryption } from './encryption.ts'
import { withFailure } from '../failure-of.ts'
import type { Action, Failure } from '../failure.ts'
import type { Link, Login } from './link.ts'
import type { PoolSize } from './pool-size.ts'
import { openPool, type Pool, type PoolTimes } from './pool.ts'
import type { PooledLink } from './pooled-link.ts'
import type { Read, ServerDialect } from './server-dialect.ts'
import { serverErrors } from './server-errors.ts'
import { serverOutcome } from './server-outcome.ts'
import { schemaSessions } from './server-schema.ts'
import { serverTransaction } from './server-transaction.ts'
import { stopSessions, stopStatement, type Stopping } from './stop-statement.ts'
import { settlesWithin, untilAborted } from '../waiting.ts'
import { watchPeers, type Watched, type WatchTimes } from './watch-peers.ts'

/** Milliseconds. */
const FACTS_LIMIT = 15_000
const LOOK_LIMIT = 15_000
const CLOSE_STOP_LIMIT = 1_500
/** How often a use may wait for the database to come back before it is told that it does not stay. */
const LOST_TIMES = 2

const waits: ReadonlySet<Action> = new Set<Action>(['wait', 'wait-slowly'])
/** What makes a read run once more: it was not answered, and it changes nothing. */
const repeats: ReadonlySet<Action> = new Set<Action>(['wait', 'wait-slowly', 'replay', 'replay-once', 'prepare-again'])

export interface ServerTimes {
  pool?: Partial<PoolTimes>
  watch?: Partial<WatchTimes>
}

export interface ServerDatabaseOptions {
  dialect: ServerDialect
  /** Asked before every new connection, so that a changed password is used at once. What it throws is thrown on. */
  login(): Promise<Login>
  /** The login for schema work; null where the profile names no second one. */
  schemaLogin: (() => Promise<Login>) | null
  poolSize: PoolSize
  /**
   * Resolves once the database can be used, at once when it can now; asked before every use. Rejects with a Refusal when
   * nobody opens it, and with the signal's reason. After `onLost` was told it must not resolve before a `tryConnect` has.
   */
  whenUsable(signal: AbortSignal): Promise<void>
  log: Log
}

export interface ServerDatabase extends Database {
  /**
   * One attempt, 5 s at most, outside of the pool; on success the connection goes into the pool. Rejects within 100 ms of
   * an abort with the signal's reason; otherwise with a Refusal whose `failureOf` decides (see `decide`, `causeOf`), or with
   * what `login` threw.
   */
  tryConnect(options: { signal: AbortSignal; onPhase: (phase: ConnectPhase) => void }): Promise<void>
  /**
   * Told once when the database cannot be reached any more, or refuses new connections; again only after a connection was
   * made in between. `decide(failure, 'connecting', …)` says whether to wait. Answers with how to stop listening.
   */
  onLost(listener: (failure: Failure) => void): () => void
  /** Told at every change of `pool()`, in the same turn: whoever passes it on coalesces. */
  onPoolChange(listener: () => void): () => void
  /** The last change of the node that is written, of a cluster; null while there was none. `onMove` tells the next ones. */
  lastMove(): ClusterMove | null
  onMove(listener: (move: ClusterMove) => void): () => void
  /** The server's own limit of sessions and how many there are; null when it does not tell. */
  serverUse(signal: AbortSignal): Promise<{ limit: number; used: number } | null>
  /**
   * After sleep or a change of the network: every idle connection is pinged before it is used again, and those in use are
   * looked at from a second connection.
   */
  distrust(): void
}

/** Nothing is connected before the first use or `tryConnect`. `times` is for tests. */
export function openServerDatabase(options: ServerDatabaseOptions & { times?: ServerTimes }): ServerDatabase {
  const { log } = options
  const closing = new AbortController()
  const background = new Set<Promise<unknown>>()
  const lostListeners = new Set<(failure: Failure) => void>()
  const poolListeners = new Set<() => void>()
  let at: Omit<Login, 'password' | 'tls'> = { host: '', port: 0, database: '', user: '', isReadOnly: false }
  let isLost = false
  let isLooking = false

  async function loginOf(role: Role): Promise<Login> {
    const login = await (role === 'schema' && options.schemaLogin ? options.schemaLogin() : options.login())
    if (role === 'runtime') {
      const { host, port, database, user, isReadOnly } = login
      at = { host, port, database, user, isReadOnly }
    }
    return login
  }

  const errors = serverErrors(
    options.dialect,
    () => ({ ...at, ...galera.place }),
    () => (closing.signal.aborted ? (closing.signal.reason as Error) : null),
  )
  const classify = (error: unknown) => errors.classify(error)
  const galera = clusterOf({
    ...{ dialect: options.dialect, login: loginOf, classify, log },
    onChange: () => poolListeners.forEach((listener) => listener()),
  })
  const { dialect, aside } = galera
  // Idle connections to the node before end at once, those in use when they are given back.
  galera.onMove(() => pool.sweep())
  const stopping: Stopping = { dialect, aside, classify, log }

  function lost(failure: Failure): void {
    if (isLost || closing.signal.aborted) return
    isLost = true
    log('warn', `The connection to ${at.host}:${at.port} is lost: ${failure.message}`)
    for (const listener of lostListeners) listener(failure)
  }

  async function connect(signal: AbortSignal, onPhase?: (phase: ConnectPhase) => void): Promise<Link> {
    const both = AbortSignal.any([signal, closing.signal])
    const link = await connectLink(
      dialect,
      await untilAborted(loginOf('runtime'), both),
      both,
      onPhase ? { onPhase } : {},
    )
    isLost = false
    return link
  }

  const pool = openPool({
    limit: options.poolSize.limit,
    connect: () => connect(closing.signal),
    classify,
    otherHolders: () => [...schema.holders(), ...galera.holders()],
    onChange: () => poolListeners.forEach((listener) => listener()),
    onRun: () => watch.poke(),
    onRefused: lost,
    onGone: () => void look(),
    ...(options.times?.pool && { times: options.times.pool }),
  })
  const schema = schemaSessions({
    dialect,
    login: () => loginOf('schema'),
    pool: () => pool,
    aside,
    errors,
    onRun: () => watch.poke(),
    log,
  })
  const watch = watchPeers({
    dialect,
    aside,
    classify,
    log,
    watched: () => [...watchedMembers(pool), ...schema.watched()],
    onSilent(failure, node) {
      if (galera.isWritten(node)) lost(failure)
      pool.distrust()
    },
    ...(options.times?.watch && { times: options.times.watch }),
  })

  /** After a connection was found gone: was it that one, or the server? Nobody may be asking just now. */
  async function look(): Promise<void> {
    if (isLooking || isLost || closing.signal.aborted || pool.used >= pool.limit) return
    isLooking = true
    // What it finds out, it tells by `onRefused`.
    await pool.acquire('checking the connection', closing.signal).then(
      (member) => pool.release(member),
      () => undefined,
    )
    isLooking = false
  }

  function inBackground(work: Promise<unknown>): void {
    background.add(work)
    const done = () => background.delete(work)
    work.then(done, done)
  }

  /** Waits for the database where it is lost; nothing was sent yet. */
  async function acquire(use: string, signal: AbortSignal, isFresh = false): Promise<PooledLink> {
    for (let lostTimes = 0; ; lostTimes += 1) {
      if (closing.signal.aborted) throw closing.signal.reason
      await untilAborted(options.whenUsable(signal), signal)
      try {
        return await pool.acquire(use, signal, isFresh)
      } catch (error) {
        if (signal.aborted) throw signal.reason
        const failure = classify(error)
        if (!failure || lostTimes >= LOST_TIMES || !waits.has(decide(failure, 'connecting'))) {
          throw errors.refusal(error, 'connecting')
        }
      }
    }
  }

  /** Reads in one or more statements on one connection; once more from the beginning where the table says so. */
  async function reading<T>(
    use: string,
    signal: AbortSignal,
    work: (read: Read, link: Link) => Promise<T>,
  ): Promise<T> {
    for (let isRepeated = false; ; isRepeated = true) {
      // The others may be about to be lost as well: a server ends them one by one.
      const member = await acquire(use, signal, isRepeated)
      let hasSent = false
      const working = work((statement) => {
        if (signal.aborted) return Promise.reject(signal.reason as Error)
        hasSent = true
        return member.run(statement.sql, () => member.link.query(statement))
      }, member.link)
      try {
        const result = await untilAborted(working, signal)
        pool.release(member)
        return result
      } catch (error) {
        giveBack(member)
        if (signal.aborted) throw signal.reason
        const failure = classify(error)
        const action = failure && decide(failure, hasSent ? 'reading' : 'idle')
        if (!action || isRepeated || !repeats.has(action)) throw errors.refusal(error, 'reading')
      }
    }
  }

  /** Back into the pool, after what still runs on it has been stopped and has ended. */
  function giveBack(member: PooledLink): void {
    if (member.runningSince === null || member.isGone) return pool.release(member)
    inBackground(stopStatement(member, stopping).finally(() => pool.release(member)))
  }

  async function close(): Promise<void> {
    if (closing.signal.aborted) return
    const { host, port } = at
    const message = `The connection to ${host}:${port} was closed.`
    // For a COMMIT under way it is a lost connection like any other: its outcome is unknown.
    const over = withFailure(unavailable('not-open', message, 'Open the profile again.'), {
      kind: 'lost',
      code: '',
      message,
    })
    closing.abort(over)
    watch.close()
    const ended = Promise.all([pool.close(over), galera.close(over)])
    const stuck = [...pool.members()].filter(({ runningSince }) => runningSince !== null)
    const stopAll = async () => {
      if (stuck.length === 0) return
      await stopSessions(stuck, CLOSE_STOP_LIMIT, stopping)
    }
    await settlesWithin(Promise.all([stopAll(), schema.close()]), CLOSE_STOP_LIMIT)
    for (const member of pool.members()) member.lose(over)
    await aside.close()
    await Promise.allSettled([...background, ended])
  }

  return {
    dialect: dialect.name,
    async facts() {
      const limit = AbortSignal.timeout(FACTS_LIMIT)
      try {
        return await reading('reading', limit, async (read, link) =>
          withEncryption(await dialect.facts(read, at), link),
        )
      } catch (error) {
        if (!limit.aborted) throw error
        const message = `No answer from ${at.host}:${at.port} within ${FACTS_LIMIT / 1000} s.`
        throw errors.refusal(withFailure(new Error(message), { kind: 'no-answer', code: '', message }), 'connecting')
      }
    },
    read: async (statement, signal, { isLong = false } = {}) =>
      (isLong && (await galera.readLong(statement, signal))) || reading('reading', signal, (read) => read(statement)),
    tables: (signal) => reading('reading', signal, (read) => dialect.listTables(read)),
    describe: (table, signal) => reading('reading', signal, (read) => dialect.describeTable(read, table)),
    referrers: (table, signal) => reading('reading', signal, (read) => dialect.listReferrers(read, table)),
    tree: (signal) => reading('reading', signal, (read) => dialect.readTree(read)),
    surroundings: (table, signal) => reading('reading', signal, (read) => dialect.readSurroundings(read, table)),
    structure: (table, signal) => reading('reading', signal, (read) => dialect.readStructure(read, table)),
    serverUse: (signal) => reading('reading', signal, (read) => dialect.serverUse(read)),
    async takeForTransaction(signal) {
      const member = await acquire('saving', signal)
      return serverTransaction(member, signal, { pool, errors, stopping, inBackground })
    },
    quote: (identifier) => dialect.quote(identifier),
    constraint(error) {
      const failure = classify(error)
      return failure && dialect.constraint(failure)
    },
    async schemaLook(signal, work) {
      const look = (read: Read, { isPooled = false }: Pick<Link, 'isPooled'>) =>
        work({ read, tables: () => dialect.listTables(read), isPooled })
      if (!options.schemaLogin) return reading('reading', signal, look)
      await untilAborted(options.whenUsable(signal), signal)
      // Two logins never share a connection, so it has one of its own, which is not kept.
      const asking = aside.ask('schema', LOOK_LIMIT, look).catch((error: unknown) => {
        throw errors.refusal(error, 'reading')
      })
      return untilAborted(asking, signal)
    },
    async schema(signal, onSql) {
      await untilAborted(options.whenUsable(signal), signal)
      return schema.open(signal, onSql)
    },
    outcomeOf: serverOutcome({ dialect, reading, classify, log }),
    async cluster(signal) {
      const known = galera.cluster()
      if (known !== undefined) return known
      await reading('reading', signal, (read) => dialect.serverUse(read))
      return galera.cluster() ?? null
    },
    lastMove: () => galera.lastMove(),
    onMove: (listener) => galera.onMove(listener),
    pool: () => ({
      used: pool.used,
      idle: pool.idle,
      waiting: pool.waiting,
      limit: pool.limit,
      limitFrom: options.poolSize.from,
      holders: pool.holders(),
      server: null,
    }),
    async tryConnect({ signal, onPhase }) {
      try {
        pool.add(await connect(signal, onPhase))
      } catch (error) {
        if (signal.aborted) throw signal.reason
        if (closing.signal.aborted) throw closing.signal.reason
        if (classify(error)?.kind === 'too-many-connections') pool.shrink()
        throw errors.refusal(error, 'connecting')
      }
    },
    onLost(listener) {
      lostListeners.add(listener)
      return () => lostListeners.delete(listener)
    },
    onPoolChange(listener) {
      poolListeners.add(listener)
      return () => poolListeners.delete(listener)
    },
    distrust() {
      pool.distrust()
      watch.lookNow()
    },
    close,
  }
}

function watchedMembers(pool: Pool): Watched[] {
  return [...pool.members()].map((member) => ({
    key: member,
    role: 'runtime',
    session: member.link.session,
    ...{ node: member.link.at, server: member.link.galera?.node },
    runningSince: member.runningSince,
    mayPause: false,
    lose: (error) => member.lose(error),
  }))
}

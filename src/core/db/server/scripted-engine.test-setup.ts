// An engine in memory whose connections can hang, fail and die at a word, for tests of what stands around real ones.
import type { ConnectPhase } from '../../../shared/connections.ts'
import type { Cell } from '../../../shared/cell.ts'
import type { Rows, Statement } from '../database.ts'
import type { Failure, FailureKind } from '../failure.ts'
import type { Link, Login } from './link.ts'
import { openServerDatabase, type ServerDatabaseOptions, type ServerTimes } from './server-database.ts'
import type { ServerDialect } from './server-dialect.ts'

export class EngineError extends Error {
  readonly kind: FailureKind
  constructor(kind: FailureKind, message: string = kind) {
    super(message)
    this.kind = kind
  }
}

export interface FakeSession {
  readonly number: string
  /** What it has been asked, in order: `begin`, `ping`, SQL. */
  readonly asked: string[]
  isOpen: boolean
  /** The server's view: a statement is being worked on. */
  isRunning: boolean
  /** Most statements that it had at one time. */
  most: number
  /** Ends it as the server would. */
  kill(error?: EngineError): void
  /** Ends the running statement as cancelled. */
  cancel(): void
  /** Answers nothing from now on, not even the end. */
  isFrozen: boolean
}

export interface Engine {
  readonly dialect: ServerDialect
  readonly sessions: FakeSession[]
  readonly open: FakeSession[]
  /** Calls of connect, whether they succeeded or not. */
  connects: number
  /** Thrown by connect while set. */
  refuses: EngineError | null
  /** Connect and everything else hang while true. */
  isFrozen: boolean
  /** Milliseconds that connecting takes. */
  connectTime: number
  /** False: a connect that was aborted answers all the same. */
  listensToAbort: boolean
  /** Milliseconds that COMMIT takes. */
  commitTime: number
  /** Open sessions at most. */
  slots: number
  /** A cancellation reaches whatever runs this many milliseconds after it was acknowledged. */
  cancelDelay: number
  /** False: telling a statement to stop has no effect. */
  listensToCancel: boolean
}

const hang = () => new Promise<never>(() => undefined)
const later = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
const rows = (...cells: Cell[]): Rows => ({ columns: cells.map((_, at) => `c${at}`), rows: [cells] })

/** SQL it knows: `sleep <ms>`, `fail <kind>`, `echo <text>`, `stop <session>`, `end <session>`, `begin` and so on. */
export function scriptedEngine(): Engine {
  let last = 0
  const sessions: FakeSession[] = []

  function openLink(): Link {
    last += 1
    const ends: (() => void)[] = []
    let failRunning: ((error: Error) => void) | null = null
    let answer: Promise<unknown> = Promise.resolve()
    let isDead = false
    let inFlight = 0
    let lateCancel: EngineError | null = null

    const close = (error: EngineError | null, isTold = true) => {
      if (!session.isOpen) return
      session.isOpen = false
      isDead = true
      if (error && isTold) failRunning?.(error)
      for (const end of ends) end()
    }
    const session: FakeSession = {
      number: String(last),
      asked: [],
      isOpen: true,
      isRunning: false,
      most: 0,
      isFrozen: false,
      kill: (error = new EngineError('lost', 'terminated by the administrator')) => close(error),
      cancel: () => {
        if (failRunning) failRunning(new EngineError('cancelled'))
        else lateCancel = new EngineError('cancelled', 'too late')
      },
    }
    sessions.push(session)

    async function work(sql: string): Promise<Rows> {
      const [word, ...rest] = sql.split(' ')
      const text = rest.join(' ')
      if (word === 'sleep') await later(Number(text))
      if (word === 'commit') await later(engine.commitTime)
      if (word === 'fail') throw new EngineError(text as FailureKind)
      if (word === 'stop') {
        const target = sessions.find(({ number }) => number === text)
        if (engine.listensToCancel) setTimeout(() => target?.cancel(), engine.cancelDelay)
      }
      if (word === 'end') sessions.find(({ number }) => number === text)?.kill()
      return rows(text)
    }

    function ask(sql: string): Promise<Rows> {
      if (isDead) return Promise.reject(new EngineError('lost', 'closed state'))
      session.asked.push(sql)
      inFlight += 1
      session.most = Math.max(session.most, inFlight)
      session.isRunning = true
      const failed = Promise.withResolvers<never>()
      failed.promise.catch(() => undefined)
      failRunning = failed.reject
      if (lateCancel) {
        const error = lateCancel
        lateCancel = null
        failed.reject(error)
      }
      const running = Promise.race([later(1).then(() => work(sql)), failed.promise])
      const done = running.finally(() => {
        inFlight -= 1
        session.isRunning = false
        failRunning = null
      })
      answer = done.catch(() => undefined)
      done.catch(() => undefined)
      return done.then(
        (result) => (engine.isFrozen || session.isFrozen ? hang() : result),
        (error: Error) => (engine.isFrozen || session.isFrozen ? hang() : Promise.reject(error)),
      )
    }

    return {
      session: session.number,
      get isDead() {
        return isDead
      },
      onEnd: (listener) => ends.push(listener),
      query: ({ sql }) => ask(sql),
      run: async ({ sql }) => {
        await ask(sql)
        return { changes: 1, lastKey: null }
      },
      runMany: async (sql, all) => {
        await ask(sql)
        return all.map(() => ({ changes: 1, lastKey: null, rows: [] }))
      },
      bulk: async (table, _columns, all) => {
        await ask(`bulk ${table}`)
        return all.length
      },
      begin: async () => void (await ask('begin')),
      mark: async () => {
        await ask('mark')
        return session.number
      },
      commit: async () => void (await ask('commit')),
      rollback: async () => void (await ask('rollback')),
      ping: async () => void (await ask('ping')),
      end: async () => {
        if (!engine.isFrozen && !session.isFrozen && !isDead) await answer
        close(null)
      },
      // Whatever was asked stays without an answer, as with a socket that is gone.
      destroy: () => close(new EngineError('lost'), false),
    }
  }

  const stateOf = (number: string) => sessions.find((each) => each.number === number && each.isOpen)

  const dialect: ServerDialect = {
    name: 'postgres',
    async connect(_login: Login, options) {
      const { signal } = options
      const onPhase = (phase: ConnectPhase) => options.onPhase(phase)
      engine.connects += 1
      onPhase('resolve')
      onPhase('connect')
      if (engine.isFrozen) return hang()
      if (engine.connectTime > 0) await later(engine.connectTime)
      if (engine.listensToAbort) signal.throwIfAborted()
      if (engine.refuses) throw engine.refuses
      if (engine.open.length >= engine.slots) throw new EngineError('too-many-connections')
      onPhase('authenticate')
      return openLink()
    },
    classify(error): Failure {
      const kind = error instanceof EngineError ? error.kind : 'other'
      return { kind, code: kind, message: error instanceof Error ? error.message : String(error) }
    },
    constraint: ({ kind, message }) => (kind === 'constraint' ? { kind: 'unique', columns: [], message } : null),
    stopStatement: (session): Statement => ({ sql: `stop ${session}`, values: [] }),
    stopSession: (session): Statement => ({ sql: `end ${session}`, values: [] }),
    async sessionState(read, session) {
      await read({ sql: `state ${session}`, values: [] })
      return { isThere: stateOf(session) !== undefined, isRunning: stateOf(session)?.isRunning ?? false }
    },
    serverUse: () => Promise.resolve({ limit: engine.slots, used: engine.open.length }),
    async outcomeOf(read, mark) {
      await read({ sql: `outcome ${mark}`, values: [] })
      return stateOf(mark) ? 'in-progress' : 'committed'
    },
    async facts(read) {
      await read({ sql: 'facts', values: [] })
      return { dialect: 'postgres', version: 'Fake 1', readOnly: null, size: null, encoding: 'UTF8', details: [] }
    },
    listTables: () => Promise.resolve([]),
    describeTable: () => Promise.resolve(null),
    listReferrers: () => Promise.resolve([]),
    readTree: () => Promise.resolve([]),
    readSurroundings: () => Promise.resolve({ references: [], notes: [] }),
    readStructure: () => Promise.resolve(null),
    quote: (identifier) => `"${identifier}"`,
    openKnex: () => Promise.reject(new Error('The scripted engine has no schema work.')),
  }

  const engine: Engine = {
    dialect,
    sessions,
    get open() {
      return sessions.filter(({ isOpen }) => isOpen)
    },
    connects: 0,
    refuses: null,
    isFrozen: false,
    connectTime: 0,
    listensToAbort: true,
    commitTime: 0,
    slots: 100,
    cancelDelay: 0,
    listensToCancel: true,
  }
  return engine
}

export const LOGIN: Login = {
  host: 'db1',
  port: 5432,
  database: 'people',
  user: 'ann',
  password: 'canary-7c1f',
  tls: 'off',
  isReadOnly: false,
}

export const sql = (text: string): Statement => ({ sql: text, values: [] })
export const never = () => new AbortController().signal

/** A database over a scripted engine. */
export function overEngine(
  engine: Engine,
  { limit = 3, times, ...more }: Partial<ServerDatabaseOptions> & { limit?: number; times?: ServerTimes } = {},
) {
  return openServerDatabase({
    dialect: engine.dialect,
    login: () => Promise.resolve(LOGIN),
    schemaLogin: () => Promise.resolve(LOGIN),
    poolSize: { limit, from: { kind: 'explicit' } },
    whenUsable: () => Promise.resolve(),
    log: () => undefined,
    ...(times && { times }),
    ...more,
  })
}

/** How long it took in milliseconds, and how it ended. */
export async function timed<T>(promise: Promise<T>): Promise<{ ms: number; value?: T; error?: unknown }> {
  const since = performance.now()
  try {
    const value = await promise
    return { ms: performance.now() - since, value }
  } catch (error) {
    return { ms: performance.now() - since, error }
  }
}

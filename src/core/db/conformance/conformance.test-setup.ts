// A stage for the retry table at the wire: a fake server fails in one way in one phase, and everything that it is asked is
// written down, with what the caller hears.
import { setTimeout as later } from 'node:timers/promises'
import type { Answer } from '../../../../scripts/servers/fake-server.ts'
import type { ConnectionState } from '../../../shared/connections.ts'
import { makeConnection } from '../../connections/connection.ts'
import { serverProfile } from '../../connections/connection.test-setup.ts'
import type { Way, WirePhase } from './table.test-setup.ts'
import { failureOf } from '../failure-of.ts'
import { openServerDatabase, type ServerDatabase, type ServerTimes } from '../server/server-database.ts'
import type { ServerDialect } from '../server/server-dialect.ts'
import { inTransaction } from '../transaction.ts'

/** One engine's fake server, and the words by which what it is asked is known. */
export interface FakeEngine {
  readonly dialect: ServerDialect
  start(script: Script, port?: number): Promise<Fake>
  /** Answers the look after a lost COMMIT of `session`; `nth` from 1. */
  outcome(said: Outcome, nth: number): Answer
  /** The session that a look asks for. */
  lookedFor(asked: Asked): string
  /** The same of the session that sent COMMIT. */
  markOf(session: number): string
  /** Whether the engine can only say that the old session has ended, so that the rows are looked at. */
  readonly looksAtRows: boolean
  readonly look: RegExp
}

export type Outcome = 'committed' | 'rolled-back' | 'in-progress-first' | 'cannot-tell'

export interface Asked {
  sql: string
  values: readonly (string | null)[]
  session: number
}

export interface Script {
  /** `nth` connection, from 1; undefined lets it in. */
  onConnect(nth: number): Answer | undefined
  onQuery(asked: Asked): Answer | undefined
}

export interface Fake {
  readonly port: number
  readonly connections: () => number
  /** Does it to every open session that is asking for nothing. */
  end(how: Way['how']): void
  stop(): Promise<void>
}

const WORDS: readonly (readonly [pattern: RegExp, word: string])[] = [
  [/^(BEGIN|START TRANSACTION)\b/, 'begin'],
  [/^COMMIT\b/, 'commit'],
  [/^ROLLBACK\b/, 'rollback'],
  [/^select 7$/, 'read'],
  [/^(select 1|PING)$/, 'ping'],
  [/^update a\b/, 'a'],
  [/^update b\b/, 'b'],
  [/^alter /, 'alter'],
]

export interface Seen {
  /** What the server was asked, in order; `|` where it is another session than before. */
  trace: string[]
  /** Sessions that looks were for, and those that they should have been for. */
  looks: string[]
  wanted: string[]
  connections: number
  value: unknown
  error: unknown
  /** What a caller hears when it uses the database afterwards. */
  after: unknown
  /** Whether that ran on the session that was asked last. */
  isSameSession: boolean
  used: number
  limit: number
  isTemporary: boolean | null
  state: string
}

export interface Play {
  engine: FakeEngine
  way: Way
  phase: WirePhase
  /** How often it happens: `once`, or whenever it is asked for. */
  times: 'once' | 'always'
  outcome?: Outcome
  /** P1: the connection is not lost, but the test before its use fails in this way. */
  isPing?: boolean
}

const TRIED: Readonly<Record<WirePhase, string>> = {
  idle: 'ping',
  reading: 'read',
  transaction: 'b',
  writing: 'alter',
  committing: 'commit',
}

const statement = (sql: string) => ({ sql, values: [] })

interface Opening {
  tls?: () => 'off' | 'verify'
  onChange?: (state: ConnectionState['state']) => void
  times?: ServerTimes
}

/** A profile of a fake server, with the waiting and the pool that the application has. */
function openFake(engine: FakeEngine, port: number, { tls = () => 'off', onChange, times }: Opening = {}) {
  const at = { host: '127.0.0.1', port, database: 'people', user: 'ann' }
  const profile = serverProfile({ dialect: engine.dialect.name, ...at, tries: 1 })
  let database: ServerDatabase | null = null
  const connection = makeConnection({
    profile: () => profile,
    openDatabase: (_profile, whenUsable) =>
      (database = openServerDatabase({
        dialect: engine.dialect,
        login: () => Promise.resolve({ ...at, password: 'secret', tls: tls(), isReadOnly: false }),
        schemaLogin: null,
        poolSize: { limit: 3, from: { kind: 'explicit' } },
        whenUsable,
        log: () => undefined,
        ...(times && { times }),
      })),
    forgetPassword: () => undefined,
    onBegin: () => undefined,
    isMigrated: () => Promise.resolve(true),
    onChange: () => onChange?.(connection.state.state),
    log: () => undefined,
  })
  const opened = (): ServerDatabase => {
    if (!database) throw new Error('It is not open.')
    return database
  }
  return { connection, opened }
}

async function until(is: () => boolean): Promise<void> {
  while (!is()) await later(2)
}

/** Opens a profile of a fake server, lets it fail in this phase, and tells what was seen on the wire and by the caller. */
export async function play({ engine, way, phase, times, outcome = 'committed', isPing = false }: Play): Promise<Seen> {
  const { signal } = new AbortController()
  const asked: { session: number; word: string }[] = []
  const looks: string[] = []
  const wanted: string[] = []
  let failures = 0
  let isStaged = false
  let wasLost = false
  let connects = 0

  const troubled = () => isStaged && (times === 'always' || failures === 0)
  let isNextSilent = false
  const fail = (): Answer => {
    failures += 1
    isNextSilent = way.how === 'hang' && phase !== 'idle'
    return way.how === 'no-tls' ? 'close' : way.how
  }
  const fake = await engine.start({
    onConnect() {
      connects += 1
      if (isNextSilent) {
        isNextSilent = false
        return 'hang'
      }
      return phase === 'idle' && !isPing && connects > 1 && troubled() ? fail() : undefined
    },
    onQuery(query) {
      const { sql, session } = query
      if (engine.look.test(sql)) {
        looks.push(engine.lookedFor(query))
        asked.push({ session, word: 'look' })
        return engine.outcome(outcome, looks.length)
      }
      const word = WORDS.find(([pattern]) => pattern.test(sql))?.[1]
      if (word === undefined) return undefined
      if (word !== 'ping') asked.push({ session, word })
      if (word === 'commit') wanted.push(engine.markOf(session))
      if (word === TRIED[phase] && (phase !== 'idle' || isPing) && troubled()) return fail()
      return undefined
    },
  })
  const { connection, opened } = openFake(engine, fake.port, {
    tls: () => (way.how === 'no-tls' && isStaged ? 'verify' : 'off'),
    onChange: (state) => (wasLost ||= isStaged && state !== 'open'),
    times: {
      ...(isPing && { pool: { trusted: -1, ping: 300 } }),
      // Silence is looked at soon.
      ...(way.how === 'hang' && { watch: { first: 100, next: 100, doubtful: 100, limit: 300, tick: 50 } }),
    },
  })
  const stateOf = (): ConnectionState => connection.state

  async function work(): Promise<unknown> {
    const used = opened()
    if (phase === 'idle' || phase === 'reading') return (await used.read(statement('select 7'), signal)).rows[0]?.[0]
    if (phase === 'writing') {
      const schema = await used.schema(signal)
      try {
        return await schema.knex.raw('alter table t add c int')
      } finally {
        await schema.close()
      }
    }
    return inTransaction(
      used,
      signal,
      async (session) => {
        await session.run(statement('update a set v = 1'))
        await session.run(statement('update b set v = 1'))
        return 'saved'
      },
      {
        look: () => {
          asked.push({ session: asked.at(-1)?.session ?? 0, word: 'rows' })
          return Promise.resolve(outcome === 'cannot-tell' ? null : outcome !== 'rolled-back')
        },
      },
    )
  }

  try {
    connection.open(false)
    await until(() => stateOf().state === 'open')
    isStaged = true
    if (phase === 'idle' && !isPing) {
      fake.end(typeof way.how === 'object' || way.how === 'reset' ? way.how : 'close')
      // Until the connection is known to be gone, it is not P1 but P2.
      await until(() => wasLost)
    }
    const limit = opened().pool()?.limit ?? 0
    const [result] = await Promise.allSettled([work()])
    const state = stateOf()
    const trace = asked.flatMap(({ session, word }, index) =>
      index > 0 && asked[index - 1]?.session !== session ? ['|', word] : [word],
    )
    isStaged = false
    const seen: Seen = {
      ...{ trace, looks, wanted, limit, state: state.state },
      connections: fake.connections(),
      value: result.status === 'fulfilled' ? result.value : undefined,
      error: result.status === 'rejected' ? result.reason : undefined,
      isTemporary: state.state === 'failed' ? (state.cause?.isTemporary ?? null) : null,
      after: null,
      isSameSession: false,
      used: 0,
    }
    if (state.state === 'failed') {
      // Nothing more is tried by itself.
      await later(150)
      seen.connections = fake.connections()
    } else {
      const before = asked.length
      seen.after = (await opened().read(statement('select 7'), signal)).rows[0]?.[0]
      seen.isSameSession = asked[before]?.session === asked[before - 1]?.session
      // A look at the server, after a connection was found gone, has one for a moment.
      for (let tries = 0; tries < 200 && opened().pool()?.used !== 0; tries += 1) await later(5)
      seen.used = opened().pool()?.used ?? 0
    }
    return seen
  } finally {
    await connection.close()
    await fake.stop()
  }
}

/** P1 without a code: the server is gone, nothing listens there for a while, and then it is back. */
export async function playRefused(engine: FakeEngine): Promise<{ reads: number; value: unknown }> {
  let reads = 0
  const script: Script = {
    onConnect: () => undefined,
    onQuery({ sql }) {
      if (sql === 'select 7') reads += 1
      return undefined
    },
  }
  const first = await engine.start(script)
  const { connection, opened } = openFake(engine, first.port)
  connection.open(false)
  await until(() => connection.state.state === 'open')
  await first.stop()
  await until(() => connection.state.state === 'waiting' && connection.state.cause?.reason === 'refused')
  const reading = opened().read(statement('select 7'), new AbortController().signal)
  await later(100)
  const second = await engine.start(script, first.port)
  try {
    return { value: (await reading).rows[0]?.[0], reads }
  } finally {
    await connection.close()
    await second.stop()
  }
}

/** Every code along the causes of an error. */
export function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return []
  const { data, code, errno } = error as { data?: { code?: unknown }; code?: unknown; errno?: unknown }
  const own = [failureOf(error)?.code, data?.code, code, errno].flatMap((each) =>
    typeof each === 'string' || typeof each === 'number' ? [String(each)] : [],
  )
  return [...own, ...codesOf(error.cause)]
}

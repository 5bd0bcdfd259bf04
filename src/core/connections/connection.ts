// The connection of one server profile: closed, waiting, open, lost, failed; and what moves it from one to the other.
import type {
  ConnectAttempt,
  ConnectCause,
  ConnectionState,
  ConnectPhase,
  LoginRole,
} from '../../shared/connections.ts'
import type { ServerProfile } from '../../shared/profiles.ts'
import { opening, RECONNECTING, retry, type Schedule } from '../db/retry.ts'
import type { Database } from '../db/database.ts'
import { withFailure } from '../db/failure-of.ts'
import type { ServerDatabase } from '../db/server/server-database.ts'
import type { Log } from '../log.ts'
import { ownerOf } from '../password-roles.ts'
import { unavailable } from '../refusal.ts'
import { judge, judgeFailure } from './judge.ts'
import { whyNotOpen } from './why-not-open.ts'

/** Failed attempts that are remembered. */
const HISTORY = 50
/** Milliseconds that closing may take; the rest is ended without a goodbye. */
const CLOSE_LIMIT = 3_000

export interface ConnectionOptions {
  /** Read anew at each opening. Throws PROFILE_NOT_FOUND. */
  profile(): ServerProfile
  /** Connects to nothing yet. */
  openDatabase(profile: ServerProfile, whenUsable: (signal: AbortSignal) => Promise<void>): ServerDatabase
  /** The password of that login is of no use; without a role: none is wanted any more. */
  forgetPassword(role?: LoginRole): void
  /** It is tried again because a person, or a loss, wants it: what was refused before may be sent once more. */
  onBegin(): void
  /** Whether every migration that Roster has is applied. */
  isMigrated(database: ServerDatabase, signal: AbortSignal): Promise<boolean>
  /** Told at every change, in the same turn. */
  onChange(): void
  log: Log
}

export interface Connection {
  readonly state: ConnectionState
  /** Throws DATABASE_UNAVAILABLE unless it is open, or was open and is being reconnected. */
  database(): Database
  /** The database of a server, whatever its state; null while there is none, and for a file. */
  present(): ServerDatabase | null
  /** Begins unless it is open or under way. */
  open(skipMigrated: boolean): void
  retryNow(): void
  cancel(): void
  /** Tests what is open before it is used again. */
  distrust(): void
  /** Resolves when every connection has ended, after 3 s at most. */
  close(): Promise<void>
}

type Waiting = Extract<ConnectionState, { state: 'waiting' }>
type Why = Waiting['why']

/** One way from the first attempt to open or failed. */
interface Run {
  readonly why: Why
  readonly profile: ServerProfile
  readonly database: ServerDatabase
  readonly abort: AbortController
  readonly schedule: Schedule
  readonly since: number
  history: ConnectAttempt[]
  skipMigrated: boolean
  /** Between two attempts. */
  isPaused: boolean
  retryNow: () => void
  /** Ends the attempt that is under way. */
  interrupt: (error: Error) => void
}

export function makeConnection(options: ConnectionOptions): Connection {
  let state: ConnectionState = { state: 'closed' }
  let database: ServerDatabase | null = null
  let stopListening: () => void = () => undefined
  let run: Run | null = null
  /** An attempt has succeeded, and the loss of it was not told since. */
  let isConnected = false
  const usable = new Set<() => void>()

  function set(next: ConnectionState): void {
    state = next
    for (const look of [...usable]) look()
    options.onChange()
  }

  /** Waits while it is being reconnected; a read that was not sent yet goes on then. */
  function whenUsable(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (act: () => void) => {
        usable.delete(look)
        signal.removeEventListener('abort', look)
        act()
      }
      const look = () => {
        if (signal.aborted) return done(() => reject(signal.reason as Error))
        if (isConnected) return done(resolve)
        if (state.state !== 'waiting') done(() => reject(whyNot()))
      }
      usable.add(look)
      signal.addEventListener('abort', look)
      look()
    })
  }

  const whyNot = () => whyNotOpen(options.profile().name, state)

  function freshDatabase(profile: ServerProfile): ServerDatabase {
    void dropDatabase()
    const opened = options.openDatabase(profile, whenUsable)
    database = opened
    stopListening = opened.onLost((failure) => {
      if (database !== opened) return
      isConnected = false
      // A look at the migrations would wait for the very attempt that it belongs to.
      if (state.state !== 'open') return run?.interrupt(withFailure(new Error(failure.message), failure))
      const { action, asks, cause } = judgeFailure(failure, profile)
      if (asks) ask(profile, asks, cause)
      else if (action === 'stop') set({ state: 'failed', why: 'reconnect', cause, history: [] })
      else begin({ why: 'reconnect', profile, database: opened, cause })
    })
    return opened
  }

  function dropDatabase(): Promise<void> {
    stopListening()
    stopListening = () => undefined
    isConnected = false
    const old = database
    database = null
    if (!old) return Promise.resolve()
    const ended = old.close().catch((error: unknown) => options.log('error', 'a connection could not be closed', error))
    let timer: ReturnType<typeof setTimeout> | undefined
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_LIMIT)))
    return Promise.race([ended, limit]).finally(() => clearTimeout(timer))
  }

  function begin({ why, profile, database, cause = null, skipMigrated = false, history = [] }: Beginning): void {
    run?.abort.abort()
    options.onBegin()
    const since = Date.now()
    const begun: Run = {
      ...{ why, profile, database, skipMigrated, history, since },
      abort: new AbortController(),
      // A copy: what a person asks for is tried beyond the tries of the profile.
      schedule: why === 'open' ? opening(profile.tries, profile.delay * 1000) : { ...RECONNECTING },
      retryNow: () => undefined,
      interrupt: () => undefined,
      isPaused: false,
    }
    run = begun
    attempts(begun, cause).then(
      () => {
        if (run === begun) opened()
      },
      (error: unknown) => {
        if (run !== begun) return
        const { asks, cause } = judge(error, profile)
        if (asks) ask(profile, asks, cause)
        else fail(begun, cause)
      },
    )
  }

  /** Resolves when it is connected; otherwise rejects with the error of the last attempt. */
  function attempts(own: Run, lastCause: ConnectCause | null): Promise<void> {
    const { profile, schedule, since } = own
    const until = schedule.limit === null ? null : since + schedule.limit
    const first: ConnectPhase = profile.ssh ? 'tunnel' : 'resolve'
    const now: Pick<Waiting, 'phase' | 'attempt' | 'cause' | 'nextTryAt'> = {
      phase: first,
      attempt: 1,
      cause: lastCause,
      nextTryAt: null,
    }
    const show = (news: Partial<typeof now>) => {
      if (run !== own) return
      Object.assign(now, news)
      const { why, history } = own
      own.isPaused = now.nextTryAt !== null
      set({ state: 'waiting', why, ...now, tries: schedule.tries, until, since, history })
    }
    const retrying = retry({
      schedule,
      signal: own.abort.signal,
      attempt: (signal) => connectOnce(own, signal, (phase) => show({ phase })),
      decide: (error) => judge(error, profile).action,
      onAttempt: (attempt) => show({ attempt, phase: first, nextTryAt: null }),
      onFailed: ({ number, at, ms, error, nextTryAt }) => {
        if (run !== own) return
        const { cause } = judge(error, profile)
        if (cause.reason === 'other') options.log('warn', `“${profile.name}” could not be reached`, error)
        // Nothing was tried where there was no password to try.
        if (cause.reason === 'needs-password') return
        own.history = [...own.history, { number, at, ms, phase: now.phase, cause }].slice(-HISTORY)
        show({ cause, nextTryAt })
      },
    })
    own.retryNow = () => retrying.retryNow()
    return retrying.result
  }

  async function connectOnce(own: Run, signal: AbortSignal, onPhase: (phase: ConnectPhase) => void): Promise<void> {
    const { profile, database } = own
    if (!isConnected) {
      await database.tryConnect({ signal, onPhase })
      if (run !== own) return
      isConnected = true
    }
    if (!profile.waitForMigrations || own.skipMigrated || own.why === 'reconnect') return
    onPhase('migrated')
    const interrupted = new AbortController()
    own.interrupt = (error) => interrupted.abort(error)
    if (await options.isMigrated(database, AbortSignal.any([signal, interrupted.signal]))) return
    throw unavailable(
      'not-migrated',
      `The migrations of ${profile.database} are not all applied yet.`,
      'It goes on by itself when they are. To apply them here, open it without waiting.',
    )
  }

  function opened(): void {
    run = null
    set({ state: 'open', since: Date.now() })
  }

  function fail(own: Run, cause: ConnectCause | null): void {
    if (run !== own) return
    run = null
    own.abort.abort()
    // After a loss it stays: what waits for it is told, and a person may try again.
    if (own.why === 'open') void dropDatabase()
    set({ state: 'failed', why: own.why, cause, history: own.history })
  }

  function ask(profile: ServerProfile, role: LoginRole, cause: ConnectCause): void {
    run?.abort.abort()
    run = null
    void dropDatabase()
    const isRefused = cause.reason === 'authentication'
    if (isRefused) options.forgetPassword(role)
    const user = ownerOf(profile, role)
    set({ state: 'needs-password', role, user, problem: isRefused ? cause.message : null })
  }

  function open(skipMigrated: boolean): void {
    if (state.state === 'open') return
    if (run) {
      if (!skipMigrated || run.skipMigrated) return
      run.skipMigrated = true
      if (!isConnected) return
      run.abort.abort()
      opened()
      return
    }
    if (state.state === 'failed' && state.why === 'reconnect' && database) {
      return begin({ why: 'reconnect', profile: options.profile(), database, history: state.history })
    }
    const profile = options.profile()
    const history = state.state === 'failed' ? state.history : []
    begin({ why: 'open', profile, database: freshDatabase(profile), skipMigrated, history })
  }

  return {
    get state() {
      return state
    },
    database() {
      const isThere = state.state === 'open' || (state.state === 'waiting' && state.why === 'reconnect')
      if (!isThere || !database) throw whyNot()
      return database
    },
    present: () => database,
    open,
    retryNow() {
      if (run?.isPaused) {
        if (run.schedule.tries !== null) run.schedule.tries += 1
        run.retryNow()
      } else if (state.state === 'failed') open(false)
    },
    cancel() {
      if (run) fail(run, null)
    },
    distrust() {
      if (state.state === 'open') database?.distrust()
      // A pause that began before the machine slept says nothing about now.
      else if (run?.isPaused && run.why === 'reconnect') run.retryNow()
    },
    async close() {
      run?.abort.abort()
      run = null
      const ended = dropDatabase()
      options.forgetPassword()
      if (state.state !== 'closed') set({ state: 'closed' })
      await ended
    },
  }
}

interface Beginning {
  why: Why
  profile: ServerProfile
  database: ServerDatabase
  cause?: ConnectCause | null
  skipMigrated?: boolean
  history?: ConnectAttempt[]
}

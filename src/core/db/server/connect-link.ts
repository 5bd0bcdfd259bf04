// Opens one connection, within a limit that holds whatever the driver does, and leaves nothing behind when it is given up.
import type { Place } from '../../../shared/reaching.ts'
import { withFailure } from '../failure-of.ts'
import type { ConnectOptions, Link, Login } from './link.ts'
import type { ServerDialect } from './server-dialect.ts'

/** Milliseconds for one attempt. */
export const CONNECT_LIMIT = 5_000
/** Milliseconds by which a driver may be late with its own words about a passed limit. */
const GRACE = 250

/** Rejects at once with the signal's reason when aborted. A connection that arrives too late is ended. */
export async function connectLink(
  dialect: ServerDialect,
  login: Login,
  signal: AbortSignal,
  options: Partial<Omit<ConnectOptions, 'signal'>> = {},
): Promise<Link> {
  signal.throwIfAborted()
  const limit = options.limit ?? CONNECT_LIMIT
  const inner = new AbortController()
  let isOver = false
  const attempt = dialect.connect(login, {
    signal: inner.signal,
    limit,
    ...(options.node && { node: options.node }),
    onPhase: (phase) => {
      if (!isOver) options.onPhase?.(phase)
    },
  })
  return new Promise<Link>((resolve, reject) => {
    const giveUp = (error: Error) => {
      if (isOver) return
      finish()
      reject(error)
      inner.abort(error)
      attempt.then(
        (late) => late.destroy(),
        () => undefined,
      )
    }
    const abort = () => giveUp(signal.reason as Error)
    const timer = setTimeout(() => giveUp(noAnswer({ ...login, ...options.node }, limit)), limit + GRACE)
    const finish = () => {
      isOver = true
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
    signal.addEventListener('abort', abort, { once: true })
    attempt.then(
      (link) => {
        if (isOver) return
        finish()
        resolve(link)
      },
      (error: Error) => {
        if (isOver) return
        finish()
        reject(error)
      },
    )
  })
}

function noAnswer({ host, port }: Place, limit: number): Error {
  const message = `No answer from ${host}:${port} within ${limit / 1000} s.`
  return withFailure(new Error(message), { kind: 'no-answer', code: '', message })
}

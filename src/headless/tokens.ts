// Who may come in: one-time tokens in links, and the sessions they are exchanged for. Both live in memory alone.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** Milliseconds that a link can be used. */
const TOKEN_LIFE = 10 * 60_000
/** Links that can wait at the same time; a further one replaces the oldest. */
const TOKENS_AT_ONCE = 20
/** Wrong tokens that are answered in a minute; after that, none is looked at for the rest of it. */
const WRONG_A_MINUTE = 20

export interface Tokens {
  /** A fresh one-time token of 256 bits. */
  issue(): string
  /** The secret of a new session, if the token is valid; it is not looked at (`busy`) when too many wrong ones came. */
  exchange(token: unknown): { secret: string } | 'wrong' | 'busy'
  isSession(secret: unknown): boolean
}

/** `now` is milliseconds since 1970. */
export function createTokens(now: () => number = Date.now): Tokens {
  // Only digests are kept, all of one length, so that comparing takes the same time whatever is compared.
  let tokens: { digest: Buffer; until: number }[] = []
  const sessions: Buffer[] = []
  let wrong: number[] = []
  return {
    issue() {
      const token = randomBytes(32).toString('base64url')
      tokens = [...tokens.slice(1 - TOKENS_AT_ONCE), { digest: digestOf(token), until: now() + TOKEN_LIFE }]
      return token
    },
    exchange(token) {
      wrong = wrong.filter((at) => at > now() - 60_000)
      if (wrong.length >= WRONG_A_MINUTE) return 'busy'
      tokens = tokens.filter(({ until }) => until > now())
      const found =
        typeof token === 'string'
          ? find(
              tokens.map(({ digest }) => digest),
              token,
            )
          : -1
      if (found === -1) {
        wrong.push(now())
        return 'wrong'
      }
      tokens.splice(found, 1)
      const secret = randomBytes(32).toString('base64url')
      sessions.push(digestOf(secret))
      return { secret }
    },
    isSession: (secret) => typeof secret === 'string' && find(sessions, secret) !== -1,
  }
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Looks at every entry, found or not. */
function find(digests: readonly Buffer[], text: string): number {
  const wanted = digestOf(text)
  return digests.reduce((found, digest, index) => (timingSafeEqual(digest, wanted) ? index : found), -1)
}

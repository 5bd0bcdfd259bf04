// How long a certificate is valid, where a host key is kept on its machine, and what a list of known keys is called, in words.
import { plural } from '../wording.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** "expired 12 days ago", "in 3 hours"; `at` and `now` are milliseconds since 1970. */
export function expiryWords(at: number, now: number): string {
  return at <= now ? `expired ${span(now - at)} ago` : `in ${span(at - now)}`
}

/** Null when it is valid by now. */
export function beginWords(at: number, now: number): string | null {
  return at <= now ? null : `not valid yet: begins in ${span(at - now)}`
}

function span(milliseconds: number): string {
  if (milliseconds < HOUR) return 'less than an hour'
  if (milliseconds < 2 * DAY) return plural(Math.floor(milliseconds / HOUR), 'hour')
  const days = Math.floor(milliseconds / DAY)
  return days < 730 ? plural(days, 'day') : plural(Math.floor(days / 365), 'year')
}

/** The public half of a host key, where OpenSSH has it. */
export function keyFileOf(type: string): string {
  const kind = type.includes('ed25519')
    ? 'ed25519'
    : type.includes('ecdsa')
      ? 'ecdsa'
      : type.includes('rsa')
        ? 'rsa'
        : '*'
  return `/etc/ssh/ssh_host_${kind}_key.pub`
}

/** As ssh-keygen names a place in known_hosts. */
export function knownHostsName(host: string, port: number): string {
  return port === 22 ? host : `[${host}]:${port}`
}

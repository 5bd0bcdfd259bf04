// The browser session: the one-time token of the link becomes a secret that outlives a reload and dies with the host.

const KEPT_AS = 'roster-session'

export const REFUSED =
  'This Roster does not know this page: it was started again, or the link was used before. Press Enter in the terminal ' +
  'where Roster runs and open the link it shows.'

/** Takes `#token=...` out of the address, so that it is not kept in the history or copied with the address. */
export function takeToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token !== null) history.replaceState(null, '', location.pathname + location.search)
  return token
}

export function keptSecret(): string | null {
  return sessionStorage.getItem(KEPT_AS)
}

export function forgetSecret(): void {
  sessionStorage.removeItem(KEPT_AS)
}

/** The session's secret, or null when the host refuses the token. Throws when the host cannot be reached. */
export async function exchange(token: string): Promise<string | null> {
  const response = await fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
    cache: 'no-store',
    signal: AbortSignal.timeout(5_000),
  })
  if (response.status === 401) return null
  if (!response.ok) throw new Error(`The host answered ${response.status}.`)
  const { secret } = (await response.json()) as { secret: string }
  sessionStorage.setItem(KEPT_AS, secret)
  return secret
}

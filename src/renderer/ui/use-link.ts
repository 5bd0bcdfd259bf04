// The state of the link to the host, for screens.
import { useEffect, useState, useSyncExternalStore } from 'react'
import { linkState, onLinkState, type LinkState } from '../api.ts'

export function useLink(): LinkState {
  return useSyncExternalStore(onLinkState, linkState)
}

/** Whole seconds until `at` (milliseconds since 1970), counted down; 0 when it has come. */
export function useSecondsUntil(at: number | null): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (at === null) return
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [at])
  return at === null ? 0 : Math.max(0, Math.ceil((at - now) / 1000))
}

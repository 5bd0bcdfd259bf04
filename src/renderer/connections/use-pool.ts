// Reads who has the connections of a profile, for as long as somebody looks.
import { useEffect, useState } from 'react'
import type { PoolState } from '../../shared/connections.ts'
import { api } from '../api.ts'

/** Milliseconds before it is asked for again after the stream ended. */
const PAUSE = 1_000

/** Null while the profile is not open, and until the host has told. `withServer`: also the server's own numbers. */
export function usePool(profileId: string, withServer: boolean): PoolState | null {
  const [known, setKnown] = useState<{ profileId: string; pool: PoolState | null } | null>(null)
  useEffect(() => {
    const left = new AbortController()
    const read = async () => {
      while (!left.signal.aborted) {
        try {
          const pools = await api.connections.pool({ profileId, withServer }, { signal: left.signal })
          for await (const pool of pools) setKnown({ profileId, pool })
        } catch {
          // The link says by itself when it is lost, and asking again is all that can be done.
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE))
      }
    }
    void read()
    return () => left.abort()
  }, [profileId, withServer])
  return known?.profileId === profileId ? known.pool : null
}

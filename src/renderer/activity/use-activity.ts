// What is sent to a profile's database, as the host tells it, for as long as somebody looks.
import { useEffect, useState } from 'react'
import type { ActivityEntry } from '../../shared/activity.ts'
import { api } from '../api.ts'

/** Milliseconds before it is asked for again after the stream ended. */
const PAUSE = 1_000
/** Entries that the page keeps: more than the host, so that whoever watches a long save sees its beginning. */
const MOST = 2_000

/** In the order in which they were sent; null until the host has told. */
export function useActivity(profileId: string): readonly ActivityEntry[] | null {
  const [known, setKnown] = useState<{ profileId: string; entries: readonly ActivityEntry[] } | null>(null)
  useEffect(() => {
    const left = new AbortController()
    const read = async () => {
      while (!left.signal.aborted) {
        let entries: readonly ActivityEntry[] = []
        try {
          for await (const news of await api.activity.watch({ profileId }, { signal: left.signal })) {
            entries = merged(entries, news)
            setKnown({ profileId, entries })
          }
        } catch {
          // The link says by itself when it is lost, and asking again is all that can be done.
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE))
      }
    }
    void read()
    return () => left.abort()
  }, [profileId])
  return known?.profileId === profileId ? known.entries : null
}

/** News are new entries, earlier ones that were not told yet, and those that have changed. */
export function merged(before: readonly ActivityEntry[], news: readonly ActivityEntry[]): readonly ActivityEntry[] {
  const byNumber = new Map(before.map((entry) => [entry.number, entry]))
  for (const entry of news) byNumber.set(entry.number, entry)
  return [...byNumber.values()].sort((a, b) => a.number - b.number).slice(-MOST)
}

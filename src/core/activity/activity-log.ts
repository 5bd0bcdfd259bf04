// The last 500 statements of each profile, in memory alone. Noting one is a few assignments; words are made when somebody looks.
import type { ActivityEntry } from '../../shared/activity.ts'
import { coalesce } from '../coalesce.ts'
import type { Sent, StatementLog, StatementRole } from '../db/statement-log.ts'
import { KEPT_SQL, KEPT_VALUE, MOST_VALUES, toldEntry, type KeptEntry } from './told-entry.ts'

/** Entries of one profile. */
export const MOST_ENTRIES = 500
/** Entries told at once: making words of them must not hold up whatever else the host does. */
const MOST_AT_ONCE = 100
/** Milliseconds in which the same statement is the same entry once more: a save, a row of hops. */
const AGAIN_WITHIN = 1_000

export interface ActivityLog {
  statements(profileId: string): StatementLog
  /** Tells the last entries at once, then what is new or has changed, until the signal fires. */
  watch(profileId: string, tell: (entries: ActivityEntry[]) => void, signal: AbortSignal): Promise<void>
  /** Forgets what a profile that was removed had sent. */
  forget(profileId: string): void
}

interface Profile {
  /** By number, the last ones; a place is used again when its entry is too old. */
  entries: KeptEntry[]
  last: Kept | null
  count: number
  watchers: Set<(entry: KeptEntry) => void>
}

interface Kept {
  entry: KeptEntry
  /** Milliseconds that its earlier times took, and the rows of them. */
  spent: number
  rows: number
  endedAt: number
}

export function openActivityLog(now: () => number = Date.now): ActivityLog {
  const profiles = new Map<string, Profile>()

  function profileOf(profileId: string): Profile {
    const known = profiles.get(profileId)
    if (known) return known
    const fresh: Profile = { entries: [], last: null, count: 0, watchers: new Set() }
    profiles.set(profileId, fresh)
    return fresh
  }

  function place(profile: Profile, role: StatementRole, sql: string, values: readonly unknown[], times: number): Kept {
    const { last } = profile
    const at = now()
    const kept = keepText(sql, KEPT_SQL)
    if (
      last?.entry.sql === kept &&
      last.entry.role === role &&
      last.entry.duration !== null &&
      last.entry.error === null &&
      at - last.endedAt <= AGAIN_WITHIN
    ) {
      last.entry.times += times
      last.entry.duration = null
      last.entry.rows = null
      last.entry.values = keepValues(values)
      return last
    }
    const number = profile.count++
    const entry: KeptEntry = {
      number,
      at,
      duration: null,
      role,
      sql: kept,
      values: keepValues(values),
      rows: null,
      times,
      error: null,
    }
    profile.entries[number % MOST_ENTRIES] = entry
    return (profile.last = { entry, spent: 0, rows: 0, endedAt: at })
  }

  function changed(profile: Profile, { entry }: Kept): void {
    for (const watcher of profile.watchers) watcher(entry)
  }

  return {
    statements: (profileId) => ({
      sent(role, sql, values, times = 1): Sent {
        const profile = profileOf(profileId)
        const kept = place(profile, role, sql, values, times)
        const begun = performance.now()
        changed(profile, kept)
        const end = (rows: number | null, error: string | null) => {
          kept.spent += performance.now() - begun
          kept.rows += rows ?? 0
          kept.endedAt = now()
          kept.entry.duration = kept.spent
          kept.entry.rows = error === null ? kept.rows : null
          kept.entry.error = error
          changed(profile, kept)
        }
        return {
          answered: (rows) => end(rows, null),
          failed: (error, isCancelled) => end(null, isCancelled ? 'cancelled' : wordsOf(error)),
        }
      },
    }),
    watch(profileId, tell, signal) {
      const profile = profileOf(profileId)
      const news = new Set<KeptEntry>()
      const told = coalesce(() => {
        const entries = [...news].slice(0, MOST_AT_ONCE)
        for (const entry of entries) news.delete(entry)
        if (news.size > 0) told.changed()
        if (entries.length > 0) tell(entries.map(toldEntry))
      })
      const watcher = (entry: KeptEntry) => {
        news.add(entry)
        told.changed()
      }
      // The newest first: they are what is looked at.
      for (const entry of [...profile.entries].sort((a, b) => b.number - a.number)) news.add(entry)
      // At once, also when there is nothing yet: whoever looks knows then that it is all.
      if (news.size === 0) tell([])
      else told.changed()
      profile.watchers.add(watcher)
      return new Promise((resolve) => {
        const end = () => {
          profile.watchers.delete(watcher)
          told.end()
          resolve()
        }
        if (signal.aborted) end()
        else signal.addEventListener('abort', end, { once: true })
      })
    },
    forget: (profileId) => void profiles.delete(profileId),
  }
}

function keepValues(values: readonly unknown[]): unknown[] {
  return values.slice(0, MOST_VALUES).map((value) => {
    if (typeof value === 'string') return keepText(value, KEPT_VALUE)
    return value instanceof Uint8Array ? value.slice(0, KEPT_VALUE) : value
  })
}

/** A copy of the beginning: a slice would keep the whole text in memory. */
function keepText(text: string, length: number): string {
  return text.length > length ? Buffer.from(text.slice(0, length)).toString() : text
}

function wordsOf(error: unknown): string {
  return keepText(error instanceof Error ? error.message : String(error), KEPT_SQL)
}

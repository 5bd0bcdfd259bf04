// Saves that can be taken back, of all profiles: a list of what was saved in a plain file, and what takes it back in sealed
// ones; without a keychain in memory alone.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import type { SavedBatch } from '../../../shared/table-saves.ts'
import type { Change } from '../../../shared/tables.ts'
import type { Host } from '../../host.ts'
import { Refusal } from '../../refusal.ts'
import type { Inverse } from './inverse.ts'
import { fromBytes, sealedInverses, toBytes } from './sealed-inverses.ts'

/** Of one profile; the oldest go first. */
const MOST_SAVES = 50
const MOST_BYTES = 20 * 1024 * 1024

/** No values of rows: this is written in plain text. */
const entry = z.object({
  id: z.string(),
  profileId: z.string(),
  /** Where the profile led: elsewhere its rows mean nothing. */
  place: z.string(),
  table: z.string(),
  at: z.number(),
  updates: z.number(),
  inserts: z.number(),
  deletes: z.number(),
  reverts: z.string().nullable(),
  note: z.string().nullable(),
  /** Why it cannot be taken back; null when it can. */
  why: z.string().nullable(),
  bytes: z.number(),
  isSealed: z.boolean(),
})
type Entry = z.infer<typeof entry>
const stored = z.object({ version: z.literal(1), saves: z.array(entry) })

const LOST =
  'It was kept in memory alone, because no keychain holds a key for it here; Roster was started again since then.'
const CROWDED = 'It is no longer kept: later saves took its room (20 MB).'
const TAKEN_BACK = 'It was taken back already. What took it back can be taken back in turn.'

export interface SaveToKeep extends Pick<Entry, 'profileId' | 'place' | 'table' | 'reverts'> {
  changes: readonly Change[]
  inverse: Inverse
  /** What taking it back will not bring back, in words; found out afterwards. */
  note: Promise<string | null>
}

export interface KeptSaves {
  /** Answers with the save's id at once; storing goes on. */
  keep(save: SaveToKeep): string
  /** The newest first. */
  list(profileId: string, place: string, table: string | null): SavedBatch[]
  /** Throws QUERY_FAILED in words when it cannot be taken back. */
  inverse(profileId: string, place: string, saveId: string): Promise<{ table: string; changes: Change[] }>
  /** What a save changed, as its inverse; null where that is not kept, or cannot be opened now. Taken back ones too. */
  look(profileId: string, place: string, saveId: string): Promise<Change[] | null>
  forgetProfile(profileId: string): void
  /** Waits for the disk. */
  settle(): Promise<void>
}

export function openKeptSaves(host: Pick<Host, 'dataFolder' | 'secrets' | 'log'>): KeptSaves {
  const file = join(host.dataFolder, 'saves.json')
  const sealed = sealedInverses(host)
  /** What is not, or not yet, on the disk. */
  const inMemory = new Map<string, Uint8Array>()
  /** The newest last. */
  let entries = load()
  let storing: Promise<void> = Promise.resolve()
  let waiting = 0

  function load(): Entry[] {
    try {
      const { saves } = stored.parse(JSON.parse(readFileSync(file, 'utf8')))
      return saves.map((one) => (one.why === null && !one.isSealed ? { ...one, why: LOST } : one))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        host.log('warn', 'the list of saves could not be read', error)
      return []
    }
  }

  /** One after the other; the list is written once for all that came meanwhile. */
  function store(work: () => Promise<void> = () => Promise.resolve()): void {
    waiting += 1
    storing = storing
      .then(work)
      .finally(() => (waiting -= 1))
      .then(async () => {
        if (waiting > 0) return
        await writeFileAtomic(file, JSON.stringify({ version: 1, saves: entries }), { mode: 0o600 })
      })
      .catch((error: unknown) => host.log('error', 'the list of saves could not be stored', error))
  }

  function drop(saveId: string): void {
    inMemory.delete(saveId)
    sealed.remove(saveId)
  }

  /** The list stays short, and what is kept stays small. */
  function makeRoom(profileId: string): void {
    const own = entries.filter((one) => one.profileId === profileId)
    const gone = new Set(own.slice(0, Math.max(0, own.length - MOST_SAVES)))
    let bytes = 0
    for (const one of own.reverse()) {
      if (one.why !== null) continue
      bytes += one.bytes
      if (bytes <= MOST_BYTES && !gone.has(one)) continue
      drop(one.id)
      one.why ??= CROWDED
    }
    entries = entries.filter((one) => !gone.has(one))
  }

  const find = (profileId: string, saveId: string) =>
    entries.find((one) => one.profileId === profileId && one.id === saveId)

  function refusalOf(one: Entry, place: string): string | null {
    if (entries.some(({ reverts }) => reverts === one.id)) return TAKEN_BACK
    return one.place === place ? one.why : 'The profile leads to another database now.'
  }

  return {
    keep({ changes, inverse, note, ...save }) {
      const id = randomUUID()
      const bytes = 'changes' in inverse ? toBytes(inverse.changes) : null
      const isLarge = bytes !== null && bytes.length > MOST_BYTES
      const count = (kind: Change['kind']) => changes.filter((change) => change.kind === kind).length
      const made: Entry = {
        ...{ ...save, id, at: Date.now(), note: null, isSealed: false, bytes: bytes?.length ?? 0 },
        ...{ updates: count('update'), inserts: count('insert'), deletes: count('delete') },
        why:
          'why' in inverse ? inverse.why : isLarge ? 'What would take it back is too large to be kept (20 MB).' : null,
      }
      if (bytes && made.why === null) inMemory.set(id, bytes)
      entries.push(made)
      makeRoom(save.profileId)
      // Now, and not when its turn comes: the database may be closed before.
      const told = note.catch(() => null)
      store(async () => {
        made.note = await told
        const kept = inMemory.get(id)
        if (!kept || !(await sealed.write(id, kept))) return
        made.isSealed = true
        inMemory.delete(id)
        // Forgotten meanwhile.
        if (!entries.includes(made)) drop(id)
      })
      return id
    },
    list(profileId, place, table) {
      return entries
        .filter((one) => one.profileId === profileId && (table === null || one.table === table))
        .map((one) => ({
          ...{ id: one.id, table: one.table, at: one.at, reverts: one.reverts },
          ...{ updates: one.updates, inserts: one.inserts, deletes: one.deletes },
          ...(one.note !== null && { note: one.note }),
          refusal: refusalOf(one, place),
        }))
        .reverse()
    },
    async inverse(profileId, place, saveId) {
      const one = find(profileId, saveId)
      const refuse = (why: string, cause?: unknown) =>
        new Refusal('QUERY_FAILED', `The save cannot be taken back. ${why}`, { code: 'NOT_KEPT' }, cause)
      if (!one) throw refuse('It is no longer kept.')
      const why = refusalOf(one, place)
      if (why !== null) throw refuse(why)
      const bytes = inMemory.get(saveId)
      try {
        return { table: one.table, changes: bytes ? fromBytes(bytes) : await sealed.read(saveId) }
      } catch (error) {
        throw refuse(
          'What takes it back could not be read: the keychain may be locked, or its key was replaced.',
          error,
        )
      }
    },
    async look(profileId, place, saveId) {
      const one = find(profileId, saveId)
      if (!one || one.place !== place || one.why !== null) return null
      const bytes = inMemory.get(saveId)
      return bytes ? fromBytes(bytes) : sealed.read(saveId).catch(() => null)
    },
    forgetProfile(profileId) {
      for (const one of entries) if (one.profileId === profileId) drop(one.id)
      entries = entries.filter((one) => one.profileId !== profileId)
      store()
    },
    settle: () => storing,
  }
}

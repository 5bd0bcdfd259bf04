// Somebody who saves guarded changes through a whole core, and keeps a record of what was said about each: a counter row that is
// raised, and with it a new row with a key that is never used again.
import { setTimeout as wait } from 'node:timers/promises'
import type { CoreWithServers } from '../../src/core/connections/servers.test-setup.ts'
import type { Change, Conflict, SaveOutcome } from '../../src/shared/tables.ts'

export const TABLE = 'entries'
/** A counter has the id of its owner, from 1; new rows begin behind this. */
export const FIRST = 1_000n

export interface Record {
  /** Ids of new rows whose save was acknowledged, or was found to be there after a lost reply. */
  saved: bigint[]
  /** Those that Roster said are not saved. */
  notSaved: bigint[]
  /** Those of which it could not say; an empty list at the end is what is wanted. */
  open: bigint[]
  /** Lost replies that a look resolved, by how. */
  resolved: { saved: number; notSaved: number }
  /** The row had been changed by somebody else: with one saver for each counter this is a contradiction. */
  conflicts: number
  /** Milliseconds of the longest time between two acknowledged saves, and when it began. */
  gap: { ms: number; at: number }
  errors: Map<string, number>
}

export interface Saver {
  readonly record: Record
  /** Saves until `stop`, and resolves when the last save has been answered. */
  run(stop: AbortSignal): Promise<void>
}

export const emptyRecord = (): Record => ({
  ...{ saved: [], notSaved: [], open: [], resolved: { saved: 0, notSaved: 0 }, conflicts: 0 },
  ...{ gap: { ms: 0, at: 0 }, errors: new Map() },
})

interface Told {
  code?: string
  data?: Partial<SaveOutcome> & { conflicts?: Conflict[] }
  message?: string
}

/** `owner`: 1 to 999, one saver each. */
export function saver(core: CoreWithServers, profileId: string, owner: number): Saver {
  const record = emptyRecord()
  let count = 0n
  let last = 0

  function acknowledged(id: bigint): void {
    record.saved.push(id)
    count += 1n
    const now = performance.now()
    if (last > 0 && now - last > record.gap.ms) record.gap = { ms: now - last, at: Date.now() - (now - last) }
    last = now
  }

  async function resolve(id: bigint, changes: Change[]): Promise<void> {
    const since = Date.now()
    // What cannot be told now may be told when the node is back.
    while (Date.now() - since < 120_000) {
      try {
        const { found, of } = await core.api.tables.outcome({ profileId, table: TABLE, changes })
        if (found !== 0 && found !== of) break
        record.resolved[found === of ? 'saved' : 'notSaved'] += 1
        if (found === of) acknowledged(id)
        else record.notSaved.push(id)
        return
      } catch (error) {
        note(error, 'outcome')
        await wait(500)
      }
    }
    record.open.push(id)
  }

  function note(error: unknown, during: string): Told {
    const told = error as Told
    const words = `${during}: ${told.code ?? ''} ${told.message ?? String(error)}`.slice(0, 160)
    record.errors.set(words, (record.errors.get(words) ?? 0) + 1)
    return told
  }

  async function once(id: bigint): Promise<void> {
    const changes: Change[] = [
      { kind: 'update', id: `u${id}`, key: [BigInt(owner)], original: { n: count }, values: { n: count + 1n } },
      { kind: 'insert', id: `i${id}`, values: { id, n: count + 1n } },
    ]
    try {
      const { interrupted } = await core.api.tables.save({ profileId, table: TABLE, changes })
      if (interrupted) record.resolved.saved += 1
      acknowledged(id)
    } catch (error) {
      const { code, data } = note(error, 'save')
      if (code === 'OUTCOME_UNKNOWN') return resolve(id, changes)
      if (code === 'INTERRUPTED') {
        if (data?.found !== 0) return resolve(id, changes)
        record.resolved.notSaved += 1
      }
      if (code === 'CONFLICT') record.conflicts += 1
      record.notSaved.push(id)
      // Taken as it is, so that one contradiction is not counted again and again.
      const theirs = data?.conflicts?.[0]?.columns[0]?.theirs
      if (typeof theirs === 'bigint') count = theirs
      await wait(50)
    }
  }

  return {
    record,
    async run(stop) {
      for (let number = 0n; !stop.aborted; number += 1n) await once(FIRST + number * FIRST + BigInt(owner))
    },
  }
}

// What every measurement needs: the table, Roster on it, the driver on it, and where figures go.
import type { Sort, View } from '../../src/shared/tables.ts'
import type { Engine } from './big-table.ts'
import { failed, type Figure } from './figures.ts'
import type { RawDriver } from './raw-driver.ts'
import type { RosterClient, RosterHost } from './roster-host.ts'

/** Rows of a page, as the grid asks for them. */
export const PAGE = 200
/** Milliseconds that Roster may take over the driver's keyset page. */
export const MARGIN = 60
/** Milliseconds after which a call is given up, and counted as having taken that long. */
export const PATIENCE = 20_000

export interface Table {
  engine: Engine
  /** A file, or the address of a database. */
  target: string
  rows: number
}

export interface Measuring extends Table {
  raw: RawDriver
  note: (figure: Figure) => void
}

export interface Connected extends Measuring {
  host: RosterHost
  client: RosterClient
}

export const SORTS: readonly Sort[] = ['id', 'email', 'confirmed_at'].flatMap((column) => [
  { column, direction: 'asc' } as const,
  { column, direction: 'desc' } as const,
])
export const nameOf = ({ column, direction }: Sort) => `${column} ${direction}`

export const viewBy = ({ client }: Connected, sort: Sort | null, filter: View['filter'] = null): View => ({
  ...{ profileId: client.profileId, table: 'auth_user', sort, filter },
})

/** The same numbers in each run, 0 up to 1. */
export function chances(seed: number): () => number {
  let state = seed * 2_654_435_761 + 1
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0
    const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39)
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
  }
}

/** Milliseconds of the call; one that is not done in time is cancelled, and PATIENCE is its time. */
export async function timed(call: (signal: AbortSignal) => Promise<unknown>): Promise<number> {
  const late = AbortSignal.timeout(PATIENCE)
  const began = performance.now()
  try {
    await call(late)
    return performance.now() - began
  } catch (error) {
    if (late.aborted) return PATIENCE
    throw error
  }
}

/** A measurement that fails is a miss of its own, and ends no other. */
export async function attempt(
  { engine, note }: Measuring,
  group: string,
  what: string,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    note(failed(engine, group, what, wordsOf(error)))
  }
}

export const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 160)

/** Milliseconds of each, in turn, so that what else runs on the machine meets both alike. */
export async function inTurn(
  rounds: number,
  roster: (round: number, signal: AbortSignal) => Promise<unknown>,
  base: (round: number) => Promise<unknown>,
): Promise<{ roster: number[]; base: number[] }> {
  const times = { roster: [] as number[], base: [] as number[] }
  // One pair warms up.
  for (let round = -1; round < rounds; round++) {
    const work = {
      roster: () => timed((signal) => roster(Math.max(0, round), signal)),
      base: () => timed(() => base(Math.max(0, round))),
    }
    for (const who of round % 2 === 0 ? (['roster', 'base'] as const) : (['base', 'roster'] as const)) {
      const ms = await work[who]()
      if (round >= 0) times[who].push(ms)
    }
    // More rounds of what is slow tell nothing new.
    if (times.roster.reduce((sum, ms) => sum + ms, 0) > PATIENCE) break
  }
  return times
}

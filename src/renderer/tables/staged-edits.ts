// Where staged changes live: outside React, by profile and table, so that they outlast every screen and a lost link.
import { useSyncExternalStore } from 'react'
import type { StagedTable } from '../../shared/staged.ts'
import type { Change } from '../../shared/tables.ts'
import { nothingStaged, type Staged } from './changes.ts'

const stagedByTable = new Map<string, Staged>()
const listeners = new Set<() => void>()

function address(profileId: string, table: string): string {
  return JSON.stringify([profileId, table])
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function readStaged(profileId: string, table: string): Staged {
  return stagedByTable.get(address(profileId, table)) ?? nothingStaged
}

/** Replaces what is staged for a table by what `edit` makes of it, and tells everyone who looks. */
export function changeStaged(profileId: string, table: string, edit: (staged: Staged) => Staged): void {
  const before = readStaged(profileId, table)
  const after = edit(before)
  if (after === before) return
  stagedByTable.set(address(profileId, table), after)
  listeners.forEach((listener) => listener())
}

export function useStaged(profileId: string, table: string): Staged {
  return useSyncExternalStore(subscribe, () => readStaged(profileId, table))
}

function countFor(profileId: string): number {
  let count = 0
  for (const [key, staged] of stagedByTable) {
    if ((JSON.parse(key) as [string, string])[0] === profileId) count += staged.changes.length
  }
  return count
}

/** The same as `useStagedCount`, at this moment. */
export const stagedCountOf = countFor

/** Number of staged changes (rows, not cells) over all tables of a profile. */
export function useStagedCount(profileId: string): number {
  return useSyncExternalStore(subscribe, () => countFor(profileId))
}

/** True while anything is staged for any profile. */
export function hasStagedEdits(): boolean {
  return Array.from(stagedByTable.values()).some((staged) => staged.changes.length > 0)
}

/** Calls `listener` after every change of what is staged. */
export const onStaged = subscribe

/** Every table that had anything staged since the page was loaded, with what is staged now. */
export function stagedTables(): { address: string; profileId: string; table: string; changes: readonly Change[] }[] {
  return Array.from(stagedByTable, ([key, { changes }]) => {
    const [profileId, table] = JSON.parse(key) as [string, string]
    return { address: key, profileId, table, changes }
  })
}

/** Stages what a page before this one had staged. Rows that are staged here already stay as they are. */
export function restoreStaged(tables: readonly StagedTable[]): void {
  for (const { profileId, table, changes } of tables) {
    changeStaged(profileId, table, (staged) => {
      const here = new Set(staged.changes.map(({ id }) => id))
      const restored = changes.filter(({ id }) => !here.has(id))
      return restored.length === 0 ? staged : { ...staged, changes: [...staged.changes, ...restored] }
    })
  }
}

/** Drops what is staged for a profile that was removed. */
export function forgetStaged(profileId: string): void {
  for (const each of stagedTables()) {
    if (each.profileId === profileId) changeStaged(profileId, each.table, () => nothingStaged)
  }
}

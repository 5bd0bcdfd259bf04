// Where staged changes live: outside React, by profile and table, so that they outlast every screen and a lost link.
import { useSyncExternalStore } from 'react'
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

/** Number of staged changes (rows, not cells) over all tables of a profile. */
export function useStagedCount(profileId: string): number {
  return useSyncExternalStore(subscribe, () => countFor(profileId))
}

/** True while anything is staged for any profile: leaving now would lose it. */
export function hasStagedEdits(): boolean {
  return Array.from(stagedByTable.values()).some((staged) => staged.changes.length > 0)
}

if (typeof window !== 'undefined') {
  window.addEventListener('beforeunload', (event) => {
    // The browser asks in its own words; the page only says that there is something to lose.
    if (hasStagedEdits()) event.preventDefault()
  })
}

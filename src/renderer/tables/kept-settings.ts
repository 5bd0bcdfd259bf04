// What the host keeps of a table between runs, as this page knows it: read once, changed here first, and stored behind.
import type { TableSettings } from '../../shared/table-settings.ts'
import { api } from '../api.ts'

/** Milliseconds without another change before a layout is stored. */
const PAUSE = 400

interface Kept {
  /** The host could not be asked: it is when a screen looks again. */
  isUnread: boolean
  settings: TableSettings
  /** A layout that is not stored yet. */
  timer: ReturnType<typeof setTimeout> | null
  listeners: Set<() => void>
}

const all = new Map<string, Kept>()
const none: TableSettings = { layout: null, filters: [] }

/** What is known now; asks the host the first time, and tells the listeners when it has answered. */
export function settingsOf(profileId: string, table: string): TableSettings {
  return keptOf(profileId, table).settings
}

export function onSettings(profileId: string, table: string, listener: () => void): () => void {
  const kept = keptOf(profileId, table)
  kept.listeners.add(listener)
  if (kept.isUnread) void read(profileId, table, kept)
  return () => kept.listeners.delete(listener)
}

/** Stored a moment later, with the page at the latest. A layout that cannot be stored lives as long as the page. */
export function keepLayout(profileId: string, table: string, layout: NonNullable<TableSettings['layout']>): void {
  const kept = keptOf(profileId, table)
  clearTimeout(kept.timer ?? undefined)
  kept.timer = setTimeout(() => storeLayout(profileId, table, kept), PAUSE)
  tell(kept, { ...kept.settings, layout })
}

/** Throws what the call throws; nothing has changed then. What another window has stored meanwhile is kept. */
export async function changeFilters(
  profileId: string,
  table: string,
  change: (before: TableSettings['filters']) => TableSettings['filters'],
): Promise<void> {
  const kept = keptOf(profileId, table)
  const { filters } = await api.tableSettings.read({ profileId, table })
  const stored = await api.tableSettings.write({ profileId, table, filters: change(filters) })
  tell(kept, { ...kept.settings, filters: stored.filters })
}

function keptOf(profileId: string, table: string): Kept {
  const address = JSON.stringify([profileId, table])
  const known = all.get(address)
  if (known) return known
  const kept: Kept = { isUnread: false, settings: none, timer: null, listeners: new Set() }
  all.set(address, kept)
  void read(profileId, table, kept)
  return kept
}

async function read(profileId: string, table: string, kept: Kept): Promise<void> {
  kept.isUnread = false
  try {
    const stored = await api.tableSettings.read({ profileId, table })
    // What was arranged while it was read is newer.
    tell(kept, kept.timer === null ? stored : { ...stored, layout: kept.settings.layout })
  } catch {
    // The table is shown plain. The host has written down why, or the link is lost and the screen says so.
    kept.isUnread = true
  }
}

function storeLayout(profileId: string, table: string, kept: Kept): void {
  clearTimeout(kept.timer ?? undefined)
  kept.timer = null
  const { layout } = kept.settings
  if (layout) api.tableSettings.write({ profileId, table, layout }).catch(() => undefined)
}

function tell(kept: Kept, settings: TableSettings): void {
  kept.settings = settings
  kept.listeners.forEach((listener) => listener())
}

window.addEventListener('pagehide', () => {
  for (const [address, kept] of all) {
    const [profileId, table] = JSON.parse(address) as [string, string]
    if (kept.timer !== null) storeLayout(profileId, table, kept)
  }
})

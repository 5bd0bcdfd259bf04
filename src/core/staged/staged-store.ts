// What pages have staged: each page writes its own, and the next page takes over what one that is gone has left.
import { isDeepStrictEqual } from 'node:util'
import type { StagedTable } from '../../shared/staged.ts'
import type { Change } from '../../shared/tables.ts'
import type { Host } from '../host.ts'
import { sealedFile } from './sealed-file.ts'

export interface StagedStore {
  /** See the contract's `staged.take`. */
  take(page: string): Promise<{ tables: StagedTable[]; problem: string | null }>
  /** Replaces what this page has staged for one table. */
  write(page: string, table: StagedTable): void
  /** See the contract's `staged.patch`. */
  patch(page: string, patch: StagedPatch): boolean
  /** Drops changes that were saved, wherever exactly these are staged. */
  forgetSaved(saved: StagedTable): void
  forgetProfile(profileId: string): void
  /** What is staged over all pages, those that are gone included. */
  count(): { edits: number; tables: number }
  /** Waits for the disk. True when everything staged is stored there, false when it lives in this process alone. */
  settle(): Promise<boolean>
}

export interface StagedPatch extends Pick<StagedTable, 'profileId' | 'table'> {
  put: readonly Change[]
  gone: readonly string[]
  of: number
}

/** Milliseconds between two writes to the disk: what is typed meanwhile is written with the next. */
const STORE_PAUSE = 300

/** By address of the table. */
type Tables = Map<string, StagedTable>

export function openStagedStore(
  host: Pick<Host, 'dataFolder' | 'secrets' | 'log'>,
  isOpen: (page: string) => boolean,
): StagedStore {
  /** The page that wrote last is the last one. */
  const byPage = new Map<string, Tables>()
  const file = sealedFile(host)
  let isStored = false
  const loading = file.read().then(({ pages, problem }) => {
    // They were there before anything that was written meanwhile.
    const later = [...byPage]
    byPage.clear()
    pages.forEach((tables, index) =>
      byPage.set(`earlier run, page ${index}`, new Map(tables.map((table) => [addressOf(table), table]))),
    )
    later.forEach(([page, tables]) => byPage.set(page, tables))
    isStored = pages.length > 0
    return problem
  })
  let isStale = false
  let isSettling = false
  let hurry: () => void = () => undefined
  let storing: Promise<void> | null = null

  function changed(): void {
    isStale = true
    storing ??= store().finally(() => (storing = null))
  }

  /** One write at a time; what changes meanwhile makes one more, a moment later. */
  async function store(): Promise<void> {
    await loading
    while (isStale) {
      isStale = false
      isStored = await file.write([...byPage.values()].map((tables) => [...tables.values()]))
      if (isStale && !isSettling) await pause()
    }
  }

  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, STORE_PAUSE)
      hurry = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  function put(page: string, tables: Tables): void {
    byPage.delete(page)
    if (tables.size > 0) byPage.set(page, tables)
  }

  /** Keeps of every page what `keep` answers; tables without changes are gone. */
  function edit(keep: (table: StagedTable) => readonly Change[]): void {
    let isAny = false
    for (const [page, tables] of byPage) {
      for (const [address, table] of tables) {
        const changes = keep(table)
        if (changes.length === table.changes.length) continue
        isAny = true
        if (changes.length === 0) tables.delete(address)
        else tables.set(address, { ...table, changes: [...changes] })
      }
      if (tables.size === 0) byPage.delete(page)
    }
    if (isAny) changed()
  }

  return {
    async take(page) {
      const problem = await loading
      const own: Tables = byPage.get(page) ?? new Map<string, StagedTable>()
      for (const [other, tables] of [...byPage].reverse()) {
        if (other === page || isOpen(other)) continue
        for (const [address, left] of tables) {
          const rest = moveChanges(left, own, address)
          if (rest.length === 0) tables.delete(address)
          else tables.set(address, { ...left, changes: rest })
        }
        if (tables.size === 0) byPage.delete(other)
      }
      put(page, own)
      changed()
      return { tables: [...own.values()], problem }
    },
    write(page, table) {
      const tables: Tables = byPage.get(page) ?? new Map<string, StagedTable>()
      const address = addressOf(table)
      if (table.changes.length === 0) tables.delete(address)
      else tables.set(address, table)
      put(page, tables)
      changed()
    },
    patch(page, { profileId, table, put: news, gone, of }) {
      const tables: Tables = byPage.get(page) ?? new Map<string, StagedTable>()
      const address = addressOf({ profileId, table })
      const changes = patched(tables.get(address)?.changes ?? [], news, gone)
      if (changes.length !== of) return false
      tables.set(address, { profileId, table, changes })
      put(page, tables)
      changed()
      return true
    },
    forgetSaved(saved) {
      const address = addressOf(saved)
      const byId = new Map(saved.changes.map((change) => [change.id, change]))
      edit((table) =>
        addressOf(table) === address
          ? table.changes.filter((change) => !isDeepStrictEqual(change, byId.get(change.id)))
          : table.changes,
      )
    },
    forgetProfile(profileId) {
      edit((table) => (table.profileId === profileId ? [] : table.changes))
    },
    count() {
      const all = [...byPage.values()].flatMap((tables) => [...tables.values()])
      const edits = all.reduce((sum, { changes }) => sum + changes.length, 0)
      return { edits, tables: new Set(all.map(addressOf)).size }
    },
    async settle() {
      await loading
      isSettling = true
      hurry()
      await storing
      isSettling = false
      return isStored
    },
  }
}

/** Moves what the taker does not have yet; answers with what clashes with what it has, and stays. */
function moveChanges(left: StagedTable, own: Tables, address: string): Change[] {
  const mine = own.get(address)?.changes ?? []
  const byId = new Map(mine.map((change) => [change.id, change]))
  const free = left.changes.filter(({ id }) => !byId.has(id))
  if (free.length > 0) own.set(address, { ...left, changes: [...mine, ...free] })
  return left.changes.filter((change) => {
    const known = byId.get(change.id)
    return known !== undefined && !isDeepStrictEqual(known, change)
  })
}

function patched(before: readonly Change[], put: readonly Change[], gone: readonly string[]): Change[] {
  const left = new Map(put.map((change) => [change.id, change]))
  const dropped = new Set(gone)
  const kept = before.flatMap((change) => {
    if (dropped.has(change.id)) return []
    const news = left.get(change.id)
    left.delete(change.id)
    return [news ?? change]
  })
  return [...kept, ...left.values()]
}

function addressOf({ profileId, table }: Pick<StagedTable, 'profileId' | 'table'>): string {
  return JSON.stringify([profileId, table])
}

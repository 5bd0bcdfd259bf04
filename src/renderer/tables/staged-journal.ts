// Keeps what is staged in the host, a moment after each change, so that a reload, a crash and a quit do not lose it.
import { api, linkState, onLinkState } from '../api.ts'
import { onHostEvent } from '../ui/host-events.ts'
import { pageBefore, pageId } from '../ui/page-id.ts'
import type { StagedTable } from '../../shared/staged.ts'
import type { Change } from '../../shared/tables.ts'
import { onStaged, restoreStaged, stagedTables } from './staged-edits.ts'

/** Milliseconds after a change; what comes meanwhile is written with it. */
const WAIT = 200
/** Milliseconds before something that could not be written is tried again. */
const PAUSE = 2_000

/** What the host has, by address of the table. */
const kept = new Map<string, readonly Change[]>()
/** Stands for what the host has when that is not known: the next write holds everything, also when that is nothing by now. */
const UNKNOWN: readonly Change[] = []
let timer: ReturnType<typeof setTimeout> | undefined
let writing: Promise<unknown> = Promise.resolve()
/** Why staged edits of an earlier run are not here. */
let problem: string | null = null
const problemListeners = new Set<() => void>()

/** To be called once. What pages before this one had staged is staged here again. */
export function startJournal(): void {
  onStaged(() => schedule(WAIT))
  let wasOpen = false
  onLinkState(() => {
    const isOpen = linkState().state === 'open'
    if (isOpen && !wasOpen && kept.size > 0) {
      // The host may have been started again, and know nothing.
      for (const address of kept.keys()) kept.set(address, UNKNOWN)
      schedule(0)
    }
    wasOpen = isOpen
  })
  onHostEvent('quit-asked', ({ question }) => {
    void flush()
      .then(() => api.app.readyToQuit({ page: pageId, question }))
      .catch(() => undefined)
  })
  void restore()
  window.addEventListener('beforeunload', (event) => {
    if (isKept()) return
    void flush()
    // The browser asks in its own words; the page only says that there is something to lose.
    event.preventDefault()
  })
}

/** True when the host has every staged edit of this page. */
export function isKept(): boolean {
  return stagedTables().every(({ address, changes }) => changes.length === 0 || kept.get(address) === changes)
}

/** Null, or what a person should know about staged edits of an earlier run. */
export function journalProblem(): string | null {
  return problem
}

export function onJournalProblem(listener: () => void): () => void {
  problemListeners.add(listener)
  return () => void problemListeners.delete(listener)
}

export function hideJournalProblem(): void {
  setProblem(null)
}

function setProblem(next: string | null): void {
  problem = next
  for (const listener of [...problemListeners]) listener()
}

async function restore(): Promise<void> {
  for (;;) {
    try {
      const taken = await api.staged.take({ page: pageId, before: pageBefore })
      setProblem(taken.problem)
      restoreStaged(taken.tables)
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
  }
}

function schedule(wait: number): void {
  clearTimeout(timer)
  timer = setTimeout(() => void flush(), wait)
}

/**
 * Writes what the host does not have yet; one write after the other, so that an older state never comes last. Resolves also
 * when it could not be written. To be waited for before a save: the host drops what was saved by comparing it with what it has.
 */
export function flush(): Promise<unknown> {
  clearTimeout(timer)
  writing = writing.then(write)
  return writing
}

async function write(): Promise<void> {
  for (const { address, profileId, table, changes } of stagedTables()) {
    if (kept.get(address) === changes || (changes.length === 0 && !kept.has(address))) continue
    try {
      if (!(await patch(address, { profileId, table, changes }))) {
        await api.staged.write({ page: pageId, profileId, table, changes: [...changes] })
      }
      kept.set(address, changes)
    } catch {
      // It may have arrived all the same.
      kept.set(address, UNKNOWN)
      // A lost link: the next one writes it. Anything else is tried again; leaving the page asks first.
      if (linkState().state === 'open') schedule(PAUSE)
    }
  }
}

/** Changes beyond which only what is different is sent. */
const FEW = 20

/** True when the host has it now: what is different was sent, and it had the rest. */
async function patch(
  address: string,
  { profileId, table, changes }: Readonly<Pick<StagedTable, 'profileId' | 'table'>> & { changes: readonly Change[] },
): Promise<boolean> {
  const before = kept.get(address)
  if (!before || changes.length <= FEW) return false
  const known = new Set(before)
  const put = changes.filter((change) => !known.has(change))
  // Most of it is new: the whole is not much longer.
  if (put.length > changes.length / 2) return false
  const here = new Set(changes.map(({ id }) => id))
  const gone = before.flatMap(({ id }) => (here.has(id) ? [] : [id]))
  const { isKept } = await api.staged.patch({ page: pageId, profileId, table, put, gone, of: changes.length })
  return isKept
}

// Saves that may be asked about again: those whose outcome was not known, and new rows that were saved. In memory, so that
// nothing that a person saves twice is written twice.
import { isDeepStrictEqual } from 'node:util'
import type { Change } from '../../shared/tables.ts'
import type { Applied } from './save-apply.ts'
import type { Written } from './save-outcome.ts'

export interface RememberedSave {
  changes: ReadonlyMap<string, Change>
  written: Map<string, Written>
  /** What it deleted, as far as that is kept; see `Applied`. */
  deleted: Applied['deleted']
  /** For `Database.outcomeOf`. */
  mark: string | null
  /** `saved`: it is known to be in the database; only its new rows are remembered. */
  state: 'open' | 'saved'
}

/** Changes that are remembered at most; the oldest are forgotten first. */
const MOST = 20_000

/** Exactly what was to be saved then; an edit may have been changed since, under the same id. */
export const isSame = (known: RememberedSave['changes'], change: Change) =>
  isDeepStrictEqual(known.get(change.id), change)

export class RememberedSaves {
  #saves: { address: string; save: RememberedSave }[] = []
  readonly #underWay = new Set<{ address: string; ids: ReadonlySet<string>; end: Promise<void> }>()

  /**
   * Runs `work` once no other work on one of these changes is under way: a page that lost its link may ask for a save, or about
   * it, while the first one still runs. Throws the signal's reason when aborted before.
   */
  async inTurn<T>(
    address: string,
    changes: readonly Change[],
    signal: AbortSignal,
    work: () => Promise<T>,
  ): Promise<T> {
    const ids = new Set(changes.map(({ id }) => id))
    const isAlike = (one: { address: string; ids: ReadonlySet<string> }) =>
      one.address === address && changes.some(({ id }) => one.ids.has(id))
    const aborted = Promise.withResolvers<void>()
    const onAbort = () => aborted.resolve()
    signal.addEventListener('abort', onAbort)
    try {
      for (let other = [...this.#underWay].find(isAlike); other; other = [...this.#underWay].find(isAlike)) {
        await Promise.race([other.end, aborted.promise])
        signal.throwIfAborted()
      }
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
    const { promise: end, resolve } = Promise.withResolvers<void>()
    const own = { address, ids, end }
    this.#underWay.add(own)
    try {
      return await work()
    } finally {
      this.#underWay.delete(own)
      resolve()
    }
  }

  /**
   * The latest save of the table that holds one of these very changes, or one of these new rows with other values: it may be
   * stored already, and would be written twice.
   */
  find(address: string, changes: readonly Change[]): RememberedSave | null {
    const holds = ({ changes: known }: RememberedSave) =>
      changes.some((change) => known.has(change.id) && (change.kind === 'insert' || isSame(known, change)))
    return this.#saves.findLast((each) => each.address === address && holds(each.save))?.save ?? null
  }

  /** What is remembered under the id of one change, the latest first. */
  known(address: string, changeId: string): Change[] {
    const own = this.#saves.filter((each) => each.address === address)
    return own.flatMap(({ save }) => save.changes.get(changeId) ?? []).reverse()
  }

  remember(address: string, save: RememberedSave): void {
    this.#saves.push({ address, save })
    let count = this.#saves.reduce((sum, each) => sum + each.save.changes.size, 0)
    while (count > MOST && this.#saves.length > 1) count -= this.#saves.shift()?.save.changes.size ?? 0
  }

  /** Remembers the new rows of a save that is in the database: each has an id that no other change ever has. */
  saved(address: string, changes: readonly Change[], written: Map<string, Written>): void {
    const inserts = changes.filter(({ kind }) => kind === 'insert')
    if (inserts.length === 0) return
    const byId = new Map(inserts.map((change) => [change.id, change]))
    this.remember(address, { changes: byId, written, deleted: null, mark: null, state: 'saved' })
  }

  /** These new rows were taken back: saving them once more is no repetition. */
  takenBack(address: string, changeIds: ReadonlySet<string>): void {
    const holds = ({ changes, state }: RememberedSave) =>
      state === 'saved' && [...changes.keys()].some((id) => changeIds.has(id))
    this.#saves = this.#saves.filter((each) => each.address !== address || !holds(each.save))
  }

  forget(save: RememberedSave): void {
    this.#saves = this.#saves.filter((each) => each.save !== save)
  }
}

const byOwner = new WeakMap<object, RememberedSaves>()

/** `owner` is what they live as long as. */
export function rememberedSaves(owner: object): RememberedSaves {
  const known = byOwner.get(owner) ?? new RememberedSaves()
  byOwner.set(owner, known)
  return known
}

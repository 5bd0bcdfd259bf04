// Asks the host after every edit what the database would refuse of what is staged, and shows it at the cells. Only the newest
// question counts; typing never waits for one.
import { useEffect } from 'react'
import type { Problem } from '../../../shared/table-saves.ts'
import { MOST_CHANGES, type Change } from '../../../shared/tables.ts'
import { api } from '../../api.ts'
import { cellAddress } from '../../grid/grid-line.ts'
import { onStaged, readStaged } from '../staged-edits.ts'
import type { TableModel } from '../table-model.ts'
import { whatToCheck } from './what-to-check.ts'

/** Milliseconds after an edit: what comes meanwhile is asked about with it. */
const WAIT = 250

const watches = new WeakMap<TableModel, ProblemWatch>()

/** For as long as the table is on the screen. */
export function useProblemWatch(model: TableModel): void {
  useEffect(() => {
    const watch = new ProblemWatch(model)
    watches.set(model, watch)
    return () => {
      watches.delete(model)
      watch.end()
    }
  }, [model])
}

/**
 * What is known to be refused of these changes, now: what is not asked yet is asked, and what was found before is looked at
 * again. Empty where nobody watches, and where it cannot be found out: saving says it then.
 */
export async function knownProblems(model: TableModel, changes: readonly Change[]): Promise<readonly Problem[]> {
  const watch = watches.get(model)
  if (!watch) return []
  await watch.check(changes, model.state.problems.length > 0)
  return model.state.problems
}

class ProblemWatch {
  readonly #model: TableModel
  readonly #stop: () => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #asking: AbortController | null = null
  #checked: readonly Change[] = []
  /** Addresses of the cells whose messages are from here. */
  #shown = new Set<string>()

  constructor(model: TableModel) {
    this.#model = model
    let seen: readonly Change[] = []
    const look = () => {
      const { changes } = this.#staged()
      if (changes === seen) return
      seen = changes
      this.#later(changes)
    }
    this.#stop = onStaged(look)
    look()
  }

  end(): void {
    this.#stop()
    clearTimeout(this.#timer)
    this.#asking?.abort()
  }

  #staged() {
    return readStaged(this.#model.profileId, this.#model.table)
  }

  #later(changes: readonly Change[]): void {
    clearTimeout(this.#timer)
    this.#asking?.abort()
    // What was found of a change that is taken back or saved is no problem any more.
    const present = new Set(changes.map(({ id }) => id))
    if (this.#model.state.problems.some(({ changeId }) => !present.has(changeId))) {
      this.#show(this.#model.state.problems.filter(({ changeId }) => present.has(changeId)))
    }
    // The description comes later where the table was just opened.
    const wait = () => {
      this.#timer = setTimeout(() => {
        if (this.#model.state.description) void this.check(changes, false)
        else wait()
      }, WAIT)
    }
    if (changes.length > 0) wait()
  }

  /** `isWhole`: all of it is asked about again. */
  async check(changes: readonly Change[], isWhole: boolean): Promise<void> {
    clearTimeout(this.#timer)
    if (changes === this.#checked && !isWhole) return
    const { description, problems } = this.#model.state
    if (!description || changes.length > MOST_CHANGES) return
    this.#asking?.abort()
    const asking = new AbortController()
    this.#asking = asking
    const { send, keep } = isWhole
      ? { send: changes, keep: [] }
      : whatToCheck(description, this.#checked, changes, problems)
    try {
      const { profileId, table } = this.#model
      const found =
        send.length === 0
          ? []
          : (await api.tables.check({ profileId, table, changes: [...send] }, { signal: asking.signal })).problems
      if (asking.signal.aborted || this.#staged().changes !== changes) return
      this.#checked = changes
      this.#show([...keep, ...found])
    } catch {
      // A newer question took its place, or it cannot be found out now: saving says so then.
    }
  }

  #show(problems: readonly Problem[]): void {
    const cellErrors = new Map(this.#model.state.cellErrors)
    for (const address of this.#shown) cellErrors.delete(address)
    this.#shown = new Set()
    for (const { changeId, column, words } of problems) {
      if (column === null) continue
      const address = cellAddress(changeId, column)
      this.#shown.add(address)
      cellErrors.set(address, words)
    }
    this.#model.set({ problems, cellErrors })
  }
}

// What a person who edits a table is owed, worked out without any of Roster's code: what is staged, what undo brings back, what
// a save may and may not do, and what taking it back restores. The test holds the page and the database against it.
import type { Cell } from '../../src/shared/cell.ts'

export const COLUMNS = ['email', 'nick', 'score'] as const
export type ColumnName = (typeof COLUMNS)[number]
export type Row = Record<ColumnName, Cell>
/** What the database holds, by id. */
export type Rows = ReadonlyMap<bigint, Row>

type Values = Partial<Record<ColumnName, Cell>>
export type Entry =
  | { kind: 'update'; id: bigint; original: Values; values: Values }
  | { kind: 'delete'; id: bigint; original: Values }
  | { kind: 'insert'; values: Values }
/** Staged entries by the page's name of the row, in the order in which they were begun. */
type Entries = ReadonlyMap<string, Entry>

/** What a save comes to. `refused`: nothing is saved, and `because` says why it could not be. */
export type Verdict = { saved: Rows } | { refused: ('missing' | 'conflict' | 'duplicate')[]; conflicts: string[] }

/** One save as it was done, for taking it back. */
interface Done {
  before: Rows
  after: Rows
  isTakenBack: boolean
}

const own = (values: Values) => Object.keys(values) as ColumnName[]

export class Person {
  staged: Entries = new Map()
  #past: Entries[] = []
  #future: Entries[] = []
  #saves: Done[] = []

  #stage(next: Map<string, Entry>): void {
    this.#past.push(this.staged)
    this.#future = []
    this.staged = next
  }

  /** `seen`: what the page showed of the stored row; null for a new row. */
  edit(name: string, seen: { id: bigint; row: Row } | null, column: ColumnName, value: Cell): void {
    const next = new Map(this.staged)
    const entry = next.get(name)
    if (seen === null) {
      if (entry?.kind !== 'insert' || (column in entry.values && entry.values[column] === value)) return
      next.set(name, { kind: 'insert', values: { ...entry.values, [column]: value } })
      return this.#stage(next)
    }
    if (entry && entry.kind !== 'update') return
    const [original, values] = [{ ...entry?.original }, { ...entry?.values }]
    const base = (column in original ? original[column] : seen.row[column]) ?? null
    const present = column in values ? values[column] : base
    if (present === value) return
    if (base === value) {
      delete original[column]
      delete values[column]
    } else {
      original[column] = base
      values[column] = value
    }
    if (own(values).length === 0) next.delete(name)
    else next.set(name, { kind: 'update', id: seen.id, original, values })
    this.#stage(next)
  }

  add(name: string): void {
    this.#stage(new Map(this.staged).set(name, { kind: 'insert', values: {} }))
  }

  /** Marks a row for deletion, takes the mark away, or takes a new row back. */
  toggleDeleted(name: string, seen: { id: bigint; row: Row } | null): void {
    const next = new Map(this.staged)
    const entry = next.get(name)
    if (seen === null || entry?.kind === 'delete') {
      next.delete(name)
    } else {
      const guarded = entry?.kind === 'update' ? entry.original : {}
      next.set(name, { kind: 'delete', id: seen.id, original: { ...seen.row, ...guarded } })
    }
    this.#stage(next)
  }

  restoreCell(name: string, column: ColumnName): void {
    const entry = this.staged.get(name)
    if (!entry || entry.kind === 'delete' || !(column in entry.values)) return
    const next = new Map(this.staged)
    const values = { ...entry.values }
    delete values[column]
    if (entry.kind === 'insert') {
      next.set(name, { kind: 'insert', values })
      return this.#stage(next)
    }
    const original = { ...entry.original }
    delete original[column]
    if (own(values).length === 0) next.delete(name)
    else next.set(name, { ...entry, original, values })
    this.#stage(next)
  }

  drop(name: string): void {
    if (!this.staged.has(name)) return
    const next = new Map(this.staged)
    next.delete(name)
    this.#stage(next)
  }

  discard(): void {
    if (this.staged.size > 0) this.#stage(new Map())
  }

  undo(): void {
    const before = this.#past.pop()
    if (!before) return
    this.#future.unshift(this.staged)
    this.staged = before
  }

  redo(): void {
    const after = this.#future.shift()
    if (!after) return
    this.#past.push(this.staged)
    this.staged = after
  }

  /** Keeps an edit although the row holds something else: that is its guard from now on. */
  keepMine(name: string, theirs: Row): void {
    const entry = this.staged.get(name)
    if (!entry || entry.kind === 'insert') return
    const next = new Map(this.staged)
    const original = { ...entry.original }
    for (const column of own(original)) original[column] = theirs[column]
    if (entry.kind === 'update') {
      const values = { ...entry.values }
      for (const column of own(values)) {
        if (values[column] !== original[column]) continue
        delete values[column]
        delete original[column]
      }
      if (own(values).length === 0) next.delete(name)
      else next.set(name, { ...entry, original, values })
    } else next.set(name, { ...entry, original })
    this.#stage(next)
  }

  /** Gives way: the cells that hold something else by now are taken back; of a row that is gone, or a delete, all is. */
  takeTheirs(name: string, theirs: Row | undefined): void {
    const entry = this.staged.get(name)
    if (!entry || entry.kind === 'insert') return
    const next = new Map(this.staged)
    if (entry.kind === 'update' && theirs) {
      const [original, values] = [{ ...entry.original }, { ...entry.values }]
      for (const column of own(original)) {
        if (original[column] === theirs[column]) continue
        delete original[column]
        delete values[column]
      }
      if (own(values).length === 0) next.delete(name)
      else next.set(name, { ...entry, original, values })
    } else next.delete(name)
    this.#stage(next)
  }

  /** What saving comes to on these rows. The ids of new rows are the database's: they follow as negative numbers. */
  verdict(rows: Rows): Verdict {
    const entries = [...this.staged]
    if (entries.some(([, entry]) => entry.kind === 'insert' && !('email' in entry.values))) {
      return { refused: ['missing'], conflicts: [] }
    }
    const conflicts = entries.flatMap(([name, entry]) => {
      if (entry.kind === 'insert') return []
      const row = rows.get(entry.id)
      return row && own(entry.original).every((column) => row[column] === entry.original[column]) ? [] : [name]
    })
    const after = new Map(rows)
    let fresh = 0n
    for (const [, entry] of entries) {
      const row = entry.kind === 'insert' ? undefined : after.get(entry.id)
      if (entry.kind === 'delete') after.delete(entry.id)
      else if (entry.kind === 'update' && row) after.set(entry.id, { ...row, ...entry.values })
      else if (entry.kind === 'insert') {
        fresh -= 1n
        after.set(fresh, { email: null, nick: null, score: null, ...entry.values })
      }
    }
    const refused: ('conflict' | 'duplicate')[] = []
    if (conflicts.length > 0) refused.push('conflict')
    if (hasDuplicate(after)) refused.push('duplicate')
    return refused.length > 0 ? { refused, conflicts } : { saved: after }
  }

  /** The save was done, and the rows are these now. Nothing is staged, and nothing can be undone. */
  wasSaved(before: Rows, after: Rows): void {
    this.staged = new Map()
    this.#past = []
    this.#future = []
    this.#saves.push({ before, after, isTakenBack: false })
  }

  /** What taking back the last save that still can be comes to: the rows then, or null when it is refused. Undefined: there is none. */
  takingBack(rows: Rows): Rows | null | undefined {
    const last = this.#saves.findLast(({ isTakenBack }) => !isTakenBack)
    if (!last) return undefined
    const after = new Map(rows)
    for (const id of new Set([...last.before.keys(), ...last.after.keys()])) {
      const [old, done, now] = [last.before.get(id), last.after.get(id), rows.get(id)]
      if (old && done) {
        const changed = COLUMNS.filter((column) => old[column] !== done[column])
        if (changed.length === 0) continue
        if (!now || changed.some((column) => now[column] !== done[column])) return null
        after.set(id, { ...now, ...Object.fromEntries(changed.map((column) => [column, old[column]])) })
      } else if (old) {
        if (now) return null
        after.set(id, old)
      } else if (done) {
        if (!now || COLUMNS.some((column) => now[column] !== done[column])) return null
        after.delete(id)
      }
    }
    return hasDuplicate(after) ? null : after
  }

  wasTakenBack(before: Rows, after: Rows): void {
    const last = this.#saves.findLast(({ isTakenBack }) => !isTakenBack)
    if (last) last.isTakenBack = true
    this.#saves.push({ before, after, isTakenBack: false })
  }
}

function hasDuplicate(rows: Rows): boolean {
  const emails = Array.from(rows.values(), ({ email }) => email)
  return new Set(emails).size < emails.length
}

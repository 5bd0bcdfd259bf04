// Recognises how a SQLite table is rebuilt, by knex or by hand: a new table is made, filled from the old one, the old one is
// dropped, and the new one takes its name. Its DROP TABLE loses nothing but what was not copied.
import { plainName } from './overlay.ts'
import type { StatementReading } from './statement.ts'

export interface Rebuilds {
  /** To be told each statement that has run. Answers with a table's name when its rebuild is complete. */
  note(reading: StatementReading): string | null
  /** The table that takes the place of this one, which is about to be dropped; null when there is none. */
  copyOf(table: string): Copy | null
}

export interface Copy {
  table: string
  /** The INSERT takes some rows only. */
  isPartial: boolean
}

export function watchRebuilds(): Rebuilds {
  /** New tables, and the one that fills each. */
  const filledFrom = new Map<string, Copy & { from: string | null }>()
  const dropped = new Set<string>()
  const key = (name: string) => plainName(name, 'sqlite')

  return {
    note({ verb, creates, drops, renames, tables, hasCondition }) {
      if (verb === 'create table') {
        for (const { kind, name } of creates) {
          if (kind === 'table') filledFrom.set(key(name), { table: name, from: null, isPartial: false })
        }
      }
      if (verb === 'insert') {
        const [into = '', from] = tables
        const copy = filledFrom.get(key(into))
        if (copy && from !== undefined && tables.length === 2) {
          filledFrom.set(key(into), { ...copy, from: key(from), isPartial: hasCondition })
        }
      }
      for (const { kind, name } of drops) if (kind === 'table') dropped.add(key(name))
      const [rename] = renames
      if (rename?.kind !== 'table') return null
      const copy = filledFrom.get(key(rename.from))
      const isBack = copy?.from === key(rename.to) && dropped.has(key(rename.to))
      filledFrom.delete(key(rename.from))
      dropped.delete(key(rename.to))
      return isBack ? rename.to : null
    },
    copyOf(table) {
      return [...filledFrom.values()].find(({ from }) => from === key(table)) ?? null
    },
  }
}

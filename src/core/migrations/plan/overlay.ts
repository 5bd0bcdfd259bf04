// What the statements of a plan would have made of the schema by now, laid over what the database really has.
import type { Dialect } from '../../../shared/profiles.ts'
import type { StatementReading } from './statement.ts'

export interface Overlay {
  /** To be told every statement that is no read, in order. `reallyThere`: whether the database has a table of this name. */
  note(reading: StatementReading, reallyThere: (table: string) => boolean): void
  /** What became of the table; null: nothing that the plan knows of. */
  table(name: string): PlannedTable | null
  /** The name that the table has in the database before the plan; null when the plan has made it, or dropped it. */
  realName(name: string): string | null
  /** Whether its rows or its columns were changed, or may have been. */
  isChanged(name: string): boolean
  /** The table is the one of this name after all: a rebuild has put a copy in its place. */
  restore(name: string): void
  /** Names of tables and columns that were changed, in lower case. */
  readonly mentioned: ReadonlySet<string>
  /** Some of `mentioned` that are not in the database, in lower case. */
  readonly made: ReadonlySet<string>
  /** Something was sent whose effect cannot be told: a block of code, a call. */
  readonly isVague: boolean
}

export interface PlannedTable {
  /** Its name in the database; null when the plan has made it. */
  real: string | null
  isGone: boolean
  /** Of a table that the plan has made: all its columns; null where they are not known. */
  columns: Set<string> | null
  /** Beside those that it really has, or instead of them. */
  added: Set<string>
  dropped: Set<string>
}

/** Statements whose effect their own text does not tell. */
const VAGUE = /^(?:do|call|execute|exec|load|import|with|)$/

export function openOverlay(dialect: Dialect): Overlay {
  const tables = new Map<string, PlannedTable>()
  const changed = new Set<string>()
  const mentioned = new Set<string>()
  const made = new Set<string>()
  let isVague = false

  const key = (name: string) => plainName(name, dialect)
  const fold = (column: string) => (dialect === 'postgres' ? column : column.toLowerCase())
  const fresh = (real: string | null): PlannedTable => ({
    real,
    isGone: false,
    columns: null,
    added: new Set(),
    dropped: new Set(),
  })

  function known(name: string): PlannedTable {
    const table = tables.get(key(name)) ?? fresh(name)
    tables.set(key(name), table)
    return table
  }

  function mention(name: string, isMade = false): void {
    const last = key(name).split('.').at(-1)?.toLowerCase() ?? ''
    mentioned.add(last)
    if (isMade) made.add(last)
  }

  function add(table: PlannedTable, column: string): void {
    table.columns?.add(fold(column))
    table.dropped.delete(fold(column))
    table.added.add(fold(column))
  }

  function drop(table: PlannedTable, column: string): void {
    table.columns?.delete(fold(column))
    table.added.delete(fold(column))
    table.dropped.add(fold(column))
  }

  function create(name: string, columns: readonly string[] | null): void {
    tables.set(key(name), { ...fresh(null), columns: columns && new Set(columns.map(fold)) })
    changed.add(key(name))
    mention(name, true)
  }

  function renameTable(from: string, to: string): void {
    const table = known(from)
    tables.set(key(to), table)
    tables.set(key(from), { ...fresh(null), isGone: true })
    changed.add(key(to)).add(key(from))
    mention(from)
    mention(to, true)
  }

  function note(reading: StatementReading, reallyThere: (table: string) => boolean): void {
    if (reading.isRead || reading.isSession) return
    const { creates, drops, renames, newColumns, ifMissing } = reading
    const isThere = (name: string) => {
      const table = tables.get(key(name))
      return table ? !table.isGone : reallyThere(name)
    }
    for (const { kind, table, name } of creates) {
      if (kind === 'column' && table !== null) {
        add(known(table), name)
        mention(name, true)
      } else if (/^(?:table|view|materialized view)$/.test(kind) && !(ifMissing && isThere(name)))
        create(name, newColumns)
      else mention(name, true)
    }
    for (const { kind, table, name } of drops) {
      mention(name)
      if (kind === 'column' && table !== null) drop(known(table), name)
      if (/^(?:table|view|materialized view)$/.test(kind)) tables.set(key(name), { ...fresh(null), isGone: true })
    }
    for (const { kind, table, from, to } of renames) {
      if (kind === 'table' || kind === 'view') renameTable(from, to)
      else if (kind === 'column' && table !== null) {
        drop(known(table), from)
        add(known(table), to)
        mention(from)
        mention(to, true)
      } else mention(to, true)
    }
    for (const table of reading.tables) {
      changed.add(key(table))
      mention(table)
    }
    // WITH … DELETE tells its tables as well as any other; a text that is not known does not.
    if (VAGUE.test(reading.verb) && reading.tables.length === 0) isVague = true
  }

  return {
    note,
    table: (name) => tables.get(key(name)) ?? null,
    realName(name) {
      const table = tables.get(key(name))
      if (!table) return name
      return table.isGone ? null : table.real
    },
    isChanged: (name) => isVague || changed.has(key(name)),
    restore(name) {
      tables.set(key(name), fresh(name))
    },
    mentioned,
    made,
    get isVague() {
      return isVague
    },
  }
}

/** The same for every way to write the table: without the schema that is meant anyway. */
export function plainName(name: string, dialect: Dialect): string {
  if (dialect === 'postgres') return name.replace(/^public\./, '')
  return dialect === 'sqlite' ? name.replace(/^main\./i, '').toLowerCase() : name
}

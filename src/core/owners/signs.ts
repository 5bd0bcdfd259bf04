// What of a table and its neighbours tells who made it: the catalogue alone, no row is read.
import type { Dialect } from '../../shared/profiles.ts'
import type { TableStructure } from '../../shared/table-structure.ts'
import type { Database, ShapeColumn, TableShape } from '../db/database.ts'
import { parseName } from '../db/postgres/names.ts'

export interface Signs {
  dialect: Dialect
  /** The table's own name, without its schema, in lower case. */
  name: string
  shape: TableShape
  /** Null of a view, which no library makes, and where the login may not see it. */
  structure: TableStructure | null
  /** The catalogue's text that made the table; '' where there is none. */
  ddl: string
  /** A column by its name in lower case, or in camelCase: `confirmed_at` finds "confirmedAt". */
  column: (name: string) => ShapeColumn | undefined
  /** Another table of the same schema, by its name in lower case; a view has no neighbours. */
  hasTable: (name: string) => boolean
  /** The column alone is unique, by the key, a constraint or an index. */
  isUnique: (name: string) => boolean
}

/** One that could not be asked for all of it: its answer is not to be kept. */
export interface Looked {
  signs: Signs
  isWhole: boolean
}

const lower = (text: string) => text.toLowerCase()
/** "confirmedAt" and "ConfirmedAt" are confirmed_at. */
const snake = (text: string) => lower(text.replace(/([a-z0-9])([A-Z])/g, '$1_$2'))

/** On PostgreSQL a table of a schema that is not on the search path has the schema before its name. */
function nameOf(dialect: Dialect, name: string): { schema: string | null; table: string } {
  return (dialect === 'postgres' ? parseName(name) : null) ?? { schema: null, table: name }
}

/** Throws the signal's reason alone: what cannot be asked is no sign. */
export async function signsOf(database: Database, shape: TableShape, signal: AbortSignal): Promise<Looked> {
  const { dialect } = database
  const isTable = shape.kind === 'table'
  const ask = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return isTable ? await work() : undefined
    } catch {
      signal.throwIfAborted()
      return undefined
    }
  }
  const [structure = null, tables] = await Promise.all([
    ask(() => database.structure(shape.name, signal)),
    ask(() => database.tables(signal)),
  ])
  const own = nameOf(dialect, shape.name)
  const neighbours = new Set(
    (tables ?? [])
      .map(({ name }) => nameOf(dialect, name))
      .flatMap(({ schema, table }) => (schema === own.schema ? [lower(table)] : [])),
  )
  const alone = new Set([shape.key, ...shape.unique].flatMap((set) => (set.length === 1 ? set.map(lower) : [])))
  for (const { isUnique, where, columns } of structure?.indexes ?? []) {
    if (isUnique && where === null && columns.length === 1) alone.add(lower(columns[0] ?? ''))
  }
  const columns = columnsByName(shape.columns)
  return {
    isWhole: !isTable || (structure !== null && tables !== undefined),
    signs: {
      dialect,
      name: lower(own.table),
      shape,
      structure,
      ddl: structure?.ddl ?? '',
      column: (name) => columns.get(name),
      hasTable: (name) => neighbours.has(name),
      isUnique: (name) => alone.has(lower(columns.get(name)?.name ?? name)),
    },
  }
}

/** Of two names that differ in case the one that is written as it is looked for. */
function columnsByName(columns: readonly ShapeColumn[]): ReadonlyMap<string, ShapeColumn> {
  const found = new Map<string, ShapeColumn>()
  for (const spell of [snake, lower, (name: string) => name]) {
    for (const column of columns) found.set(spell(column.name), column)
  }
  return found
}

/** The names of these columns that the table has, as it spells them. */
export function present({ column }: Signs, names: readonly string[]): string[] {
  return names.flatMap((name) => column(name)?.name ?? [])
}

/** "a", "a and b", "a, b and c". */
export function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
}

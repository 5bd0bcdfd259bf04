// What of a table and its neighbours tells who made it: the catalogue alone, no row is read.
import type { Dialect } from '../../shared/profiles.ts'
import type { TableStructure } from '../../shared/table-structure.ts'
import type { Database, ShapeColumn, TableShape } from '../db/database.ts'

export interface Signs {
  dialect: Dialect
  /** The table's own name, without its schema, in lower case. */
  name: string
  shape: TableShape
  structure: TableStructure | null
  /** A column by its name in lower case. */
  column(name: string): ShapeColumn | undefined
  /** Another table of the same schema, by its name in lower case. */
  hasTable(name: string): boolean
  /** The column alone is unique, by the key, a constraint or an index. */
  isUnique(name: string): boolean
}

/** `list` names a table of another schema with the schema before it. */
const withoutSchema = (name: string) => (name.split('.').at(-1) ?? name).replaceAll('"', '').toLowerCase()
const schemaOf = (name: string) => (name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '')

export async function signsOf(database: Database, shape: TableShape, signal: AbortSignal): Promise<Signs> {
  const structure = shape.kind === 'table' ? await database.structure(shape.name, signal) : null
  const tables = await database.tables(signal)
  const schema = schemaOf(shape.name)
  const names = new Set(tables.filter(({ name }) => schemaOf(name) === schema).map(({ name }) => withoutSchema(name)))
  const columns = new Map(shape.columns.map((column) => [column.name.toLowerCase(), column]))
  const alone = new Set(
    [shape.key, ...shape.unique].filter((set) => set.length === 1).map(([name]) => name?.toLowerCase()),
  )
  for (const { isUnique, where, columns: indexed } of structure?.indexes ?? []) {
    if (isUnique && where === null && indexed.length === 1) alone.add(indexed[0]?.toLowerCase())
  }
  return {
    dialect: database.dialect,
    name: withoutSchema(shape.name),
    shape,
    structure,
    column: (name) => columns.get(name),
    hasTable: (name) => names.has(name),
    isUnique: (name) => alone.has(name),
  }
}

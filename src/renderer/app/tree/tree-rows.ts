// The tree of schemas, tables and views as a list of rows: what is open, what a filter leaves, and where keys lead.
import type { TableEntry } from '../../../shared/table-structure.ts'

export interface TreeRow {
  /** Unique in the tree. */
  id: string
  /** What is shown: the name without its schema. */
  label: string
  /** From 1, as screen readers count. */
  level: number
  /** Its place among its siblings, from 1, and how many they are. */
  place: number
  of: number
  /** Null where nothing is below it. */
  isOpen: boolean | null
  /** Null for a schema. */
  entry: TableEntry | null
}

/** What a person opened or closed, by the ids of rows; what is not named here is as it is at first. */
export type Folds = Readonly<Record<string, boolean>>

/** As people count: orders_2 before orders_10. */
const order = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

const schemaId = (schema: string) => `schema ${schema}`
const tableId = (name: string) => `table ${name}`

const quoted = (part: string) => (/["."]/.test(part) ? `"${part.replaceAll('"', '""')}"` : part)
const prefixOf = (schema: string | null) => (schema === null ? '' : `${quoted(schema)}.`)

/** Its schema need not be named: it is on the search path. */
const isNear = ({ name, schema }: TableEntry) => schema === null || !name.startsWith(prefixOf(schema))

/** The name without the schema that stands before it; quotes are taken off. */
export function labelOf({ name, schema }: Pick<TableEntry, 'name' | 'schema'>): string {
  if (schema === null) return name
  const prefix = prefixOf(schema)
  const bare = name.startsWith(prefix) ? name.slice(prefix.length) : name
  return bare.length > 1 && bare.startsWith('"') && bare.endsWith('"') ? bare.slice(1, -1).replaceAll('""', '"') : bare
}

/**
 * The rows that are seen. Schemas stand there only when there are several; those of the search path are open at first, and
 * partitions are folded into their table. With a filter everything that leads to what it found is open.
 */
export function treeRows(entries: readonly TableEntry[], folds: Folds, typed: string): TreeRow[] {
  const wanted = typed.trim().toLowerCase()
  const names = new Set(entries.map(({ name }) => name))
  const parts = Map.groupBy(
    entries.filter(({ partOf }) => partOf !== null && names.has(partOf)),
    ({ partOf }) => partOf ?? '',
  )
  const fits = (entry: TableEntry): boolean =>
    entry.name.toLowerCase().includes(wanted) || (parts.get(entry.name) ?? []).some(fits)
  const sorted = (some: readonly TableEntry[]) =>
    [...some].filter((entry) => wanted === '' || fits(entry)).sort((a, b) => order.compare(labelOf(a), labelOf(b)))

  const rows: TreeRow[] = []
  const add = (some: readonly TableEntry[], level: number): void => {
    const shown = sorted(some)
    shown.forEach((entry, index) => {
      const below = sorted(parts.get(entry.name) ?? [])
      const id = tableId(entry.name)
      const isOpen = below.length === 0 ? null : wanted !== '' || (folds[id] ?? false)
      rows.push({ id, label: labelOf(entry), level, place: index + 1, of: shown.length, isOpen, entry })
      if (isOpen) add(below, level + 1)
    })
  }
  const tops = entries.filter(({ partOf }) => partOf === null || !names.has(partOf))
  const schemas = Map.groupBy(tops, ({ schema }) => schema)
  if (schemas.size < 2) {
    add(tops, 1)
    return rows
  }
  const shown = [...schemas]
    .filter(([, some]) => sorted(some).length > 0)
    .sort(
      ([a, inA], [b, inB]) => Number(inB.some(isNear)) - Number(inA.some(isNear)) || order.compare(a ?? '', b ?? ''),
    )
  shown.forEach(([schema, some], index) => {
    const id = schemaId(schema ?? '')
    const isOpen = wanted !== '' || (folds[id] ?? some.some(isNear))
    rows.push({ id, label: schema ?? '', level: 1, place: index + 1, of: shown.length, isOpen, entry: null })
    if (isOpen) add(some, 2)
  })
  return rows
}

/** The row that stands above `at` in the tree, by its number; null for one of the first level. */
export function parentOf(rows: readonly TreeRow[], at: number): number | null {
  const level = rows[at]?.level ?? 1
  for (let above = at - 1; above >= 0; above--) if ((rows[above]?.level ?? 1) < level) return above
  return null
}

/** Where a key leads from the row of this number; null for a key that does not move, or when there is nowhere to go. */
export function rowAfter(key: string, rows: readonly TreeRow[], at: number, page: number): number | null {
  const to = (row: number) => (row === at || row < 0 || row >= rows.length ? null : row)
  const clamp = (row: number) => to(Math.min(Math.max(0, row), rows.length - 1))
  switch (key) {
    case 'ArrowUp':
      return to(at - 1)
    case 'ArrowDown':
      return to(at + 1)
    case 'Home':
      return clamp(0)
    case 'End':
      return clamp(rows.length - 1)
    case 'PageUp':
      return clamp(at - page)
    case 'PageDown':
      return clamp(at + page)
    default:
      return null
  }
}

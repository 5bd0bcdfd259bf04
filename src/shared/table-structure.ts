// What a table is made of: its indexes, constraints, triggers, and the tables it points to and from.
import { z } from 'zod'
// First of all, for the setting it makes: object schemas follow.
import './procedure.ts'

/** A foreign key of the table itself. */
export const reference = z.object({
  columns: z.array(z.string()),
  /** As `tables.list` names it. */
  table: z.string(),
  /** In the order of `columns`. */
  pointsTo: z.array(z.string()),
  /** What the database does when the other row is deleted: CASCADE, SET NULL, … as it spells it. */
  onDelete: z.string(),
})
export type Reference = z.infer<typeof reference>

/** A table or a view as the tree shows it. */
export const tableEntry = z.object({
  /** The name that every other call takes. */
  name: z.string(),
  kind: z.enum(['table', 'view']),
  /** What it is in words: "table", "materialised view", "partitioned table", "foreign table", "virtual table". */
  what: z.string(),
  /** Of a partition: the table that it is a part of. */
  partOf: z.string().nullable(),
  /** The schema (PostgreSQL) it stands in; null where the engine has none. */
  schema: z.string().nullable(),
  /** Rows by the database's own statistics; null when it has none. Never a count. */
  rows: z.number().nullable(),
  /** Bytes on disk with indexes; null when the database does not tell without reading the table. */
  bytes: z.number().nullable(),
})
export type TableEntry = z.infer<typeof tableEntry>

export const tableStructure = z.object({
  indexes: z.array(
    z.object({
      name: z.string(),
      /** Column names or expressions, as the database spells them. */
      columns: z.array(z.string()),
      isUnique: z.boolean(),
      isPrimary: z.boolean(),
      /** The condition of a partial index, or null. */
      where: z.string().nullable(),
      bytes: z.number().nullable(),
    }),
  ),
  constraints: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['primary-key', 'unique', 'check', 'foreign-key', 'exclusion']),
      definition: z.string(),
    }),
  ),
  references: z.array(reference),
  /** Foreign keys of other tables that point here. */
  referrers: z.array(reference.extend({ from: z.string() })),
  triggers: z.array(z.object({ name: z.string(), definition: z.string() })),
  /** The statements that would make the table again: the database's own text where it has one. */
  ddl: z.string(),
})
export type TableStructure = z.infer<typeof tableStructure>

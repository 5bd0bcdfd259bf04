// What a person arranged for a table and finds again the next time: columns, and filters under a name.
import { z } from 'zod'
import { filter } from './filters.ts'
import { call } from './procedure.ts'

export const columnLayout = z.object({
  /** Widths in pixels by column. */
  sizing: z.record(z.string(), z.number()),
  /** Columns in the order shown; those not named follow in the table's order. */
  order: z.array(z.string()),
  /** `false` for a hidden column. */
  hidden: z.record(z.string(), z.boolean()),
  /** Columns that stay at the start while the others scroll. Null: nobody chose (the key and the email are pinned then). */
  pinned: z.array(z.string()).nullable(),
})
export type ColumnLayout = z.infer<typeof columnLayout>

export const savedFilter = z.object({ name: z.string().min(1).max(100), filter })
export type SavedFilter = z.infer<typeof savedFilter>

export const tableSettings = z.object({
  layout: columnLayout.nullable(),
  filters: z.array(savedFilter).max(100),
})
export type TableSettings = z.infer<typeof tableSettings>

const table = z.object({ profileId: z.string(), table: z.string() })

/** Kept by the host in its data folder, per profile and table. Filters hold values of the person's own, never a secret. */
export const tableSettingsContract = {
  read: call().input(table).output(tableSettings),
  /** What is not given stays as it is. */
  write: call()
    .errors({ NOT_STORED: {} })
    .input(table.extend({ layout: columnLayout.optional(), filters: z.array(savedFilter).max(100).optional() }))
    .output(tableSettings),
}

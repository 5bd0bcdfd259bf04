// Staged edits, kept by the host while a page reloads, crashes or is closed. Plain data; the page stays their author.
import { type as typed } from '@orpc/contract'
import { z } from 'zod'
import { call } from './procedure.ts'
import { change } from './tables.ts'

export const stagedTable = z.object({ profileId: z.string(), table: z.string(), changes: z.array(change) })
/** What is staged for one table, in the order it was begun. */
export type StagedTable = z.infer<typeof stagedTable>

export const stagedContract = {
  /**
   * Everything that pages which are gone had staged; it belongs to `page` from now on. Where two of them had staged the same
   * row differently, the later one is given out and the other stays for a later call. `before` is the page that this tab
   * showed until now: its end is waited for, up to a second. A locked keychain may ask the person first.
   */
  take: call(5 * 60_000)
    .input(z.object({ page: z.uuid(), before: z.uuid().nullable() }))
    .output(typed<{ tables: StagedTable[]; problem: string | null }>()),
  /** Replaces what `page` has staged for one table; no changes forget it. */
  write: call()
    .input(stagedTable.extend({ page: z.uuid() }))
    .output(z.object({})),
}

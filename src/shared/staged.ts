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
  /**
   * The same by what is different: `put` replaces a change of its id or comes last, `gone` are ids. `of`: how many changes there
   * are then. `isKept` is false when that does not come out, because the host was started again or dropped what was saved: then
   * nothing is kept of it, and `write` is to be called.
   */
  patch: call()
    .input(
      z.object({
        page: z.uuid(),
        profileId: z.string(),
        table: z.string(),
        put: z.array(change),
        gone: z.array(z.string()),
        of: z.number().int().min(1),
      }),
    )
    .output(z.object({ isKept: z.boolean() })),
}

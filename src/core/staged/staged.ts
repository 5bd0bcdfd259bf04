// Staged edits as the contract has them: written by the page that made them, taken over by the next one.
import { api } from '../implement.ts'

/** Milliseconds for the page that this tab showed before to be gone: its connection ends a moment after it does. */
const END_OF_PAGE = 1_000

export const stagedRouter = {
  take: api.staged.take.handler(async ({ context, input: { page, before } }) => {
    const { pages, staged } = context.core
    if (before !== null) await pages.untilGone(before, END_OF_PAGE)
    return staged.take(page)
  }),

  write: api.staged.write.handler(({ context, input: { page, ...table } }) => {
    context.core.staged.write(page, table)
    return {}
  }),

  patch: api.staged.patch.handler(({ context, input: { page, ...patch } }) => ({
    isKept: context.core.staged.patch(page, patch),
  })),
}

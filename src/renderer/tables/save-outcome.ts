// After a save that was interrupted: what is known of each change, and looking again until it is.
import { safe } from '@orpc/client'
import type { Change, SaveOutcome } from '../../shared/tables.ts'
import { api } from '../api.ts'
import { wordsOf } from '../ui/call-error.ts'
import { connectionOf, onConnection, tellConnection } from '../ui/connection-states.ts'
import { forgetSaved } from './changes.ts'
import { changeStaged } from './staged-edits.ts'
import type { TableModel } from './table-model.ts'

/** Milliseconds to wait for a connection before a look is given up. */
const RECONNECT_LIMIT = 15_000

/** A save that a person has to look at. */
export interface OpenOutcome {
  changes: readonly Change[]
  /** Null while nothing could be found out. */
  outcome: SaveOutcome | null
  /** What happened, or why the last look found nothing out. */
  words: string
  isChecking: boolean
}

/** "12 of 12 changes are in the database." */
export function foundInWords({ found, of }: Pick<SaveOutcome, 'found' | 'of'>): string {
  const subject = of === 1 ? 'change' : 'changes'
  if (found === 0) return `none of ${of} ${subject} is in the database.`
  return `${found} of ${of} ${subject} ${found === 1 ? 'is' : 'are'} in the database.`
}

/** What is known is used at once where it is all or nothing; anything else is shown, change by change. */
export function showOutcome(model: TableModel, changes: readonly Change[], outcome: SaveOutcome, words: string): void {
  const checked = `Saving was interrupted. Checked after reconnecting: ${foundInWords(outcome)}`
  if (outcome.found === outcome.of) {
    dropSaved(model, outcome)
    return model.set({ unknown: null, notice: { tone: 'good', text: checked } })
  }
  if (outcome.states.every(({ state }) => state === 'not-saved')) {
    const text = `${checked} Everything staged is still here.`
    return model.set({ unknown: null, notice: { tone: 'bad', text } })
  }
  model.set({ unknown: { changes, outcome, words, isChecking: false } })
}

export async function checkAgain(model: TableModel, open: OpenOutcome): Promise<void> {
  const { profileId, table } = model
  model.set({ unknown: { ...open, isChecking: true } })
  await untilConnected(profileId)
  const result = await safe(api.tables.outcome({ profileId, table, changes: [...open.changes] }))
  // Closed meanwhile: the person keeps what is staged.
  if (model.state.unknown?.changes !== open.changes) return
  if (result.isSuccess) return showOutcome(model, open.changes, result.data, open.words)
  const { message, hint } = wordsOf(result.error)
  const words = [message, hint].filter(Boolean).join(' ')
  model.set({ unknown: { ...open, words, isChecking: false } })
}

/** Opens the profile again where nobody else does by now, and gives it a moment; whether it worked shows in the look. */
async function untilConnected(profileId: string): Promise<void> {
  const before = connectionOf(profileId)?.state
  if (before === 'closed' || before === 'failed') {
    const { data } = await safe(api.connections.open({ profileId, skipMigrated: true }))
    if (data) tellConnection(profileId, data)
  }
  const isWaiting = () => connectionOf(profileId)?.state === 'waiting'
  if (!isWaiting()) return
  await new Promise<void>((resolve) => {
    const done = () => {
      stop()
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(done, RECONNECT_LIMIT)
    const stop = onConnection(profileId, () => {
      if (!isWaiting()) done()
    })
  })
}

/** Takes what is in the database out of what is staged, and reads the table again. */
export function dropSaved(model: TableModel, { states }: SaveOutcome): void {
  const saved = states.filter(({ state }) => state === 'saved').map(({ changeId }) => changeId)
  changeStaged(model.profileId, model.table, (staged) => forgetSaved(staged, saved))
  model.reload()
}

// A save on a cluster that is too long for one transaction: several, one after the other, each a save of its own.
import { safe } from '@orpc/client'
import { CLUSTER_MOST_CHANGES } from '../../shared/cluster.ts'
import type { Change, TableDescription } from '../../shared/tables.ts'
import { api } from '../api.ts'
import { wordsOf } from '../ui/call-error.ts'
import { count, plural } from '../ui/wording.ts'
import { stop } from './save-answer.ts'
import { send, tell, type Confirmation } from './save-send.ts'
import type { Work } from './selection/block-work.ts'
import { Slot } from './selection/slot.ts'
import { readStaged } from './staged-edits.ts'
import { flush } from './staged-journal.ts'
import type { TableModel, TableNotice } from './table-model.ts'

/** The dialog that says how many transactions a save would be: the number of changes of each. */
export const partQuestions = new Slot<readonly number[]>()

/** How far a save of several transactions is. */
export const savingWorks = new Slot<Work>()

export const isLong = ({ isClustered }: TableDescription, { length }: readonly Change[]): boolean =>
  isClustered === true && length > CLUSTER_MOST_CHANGES

/**
 * The changes as the transactions of a save, in their order; null when they cannot be told, which is said then, or when the
 * person has to agree first (`isAgreed`).
 */
export async function partsOf(
  model: TableModel,
  changes: readonly Change[],
  isAgreed: boolean,
): Promise<Change[][] | null> {
  const { profileId, table } = model
  const { data, error } = await safe(api.tables.parts({ profileId, table, changes: [...changes] }))
  if (error) {
    model.set({ notice: { tone: 'bad', text: `${stop(wordsOf(error).message)} Everything staged is still here.` } })
    return null
  }
  const byId = new Map(changes.map((change) => [change.id, change]))
  const parts = data.parts.map((ids) => ids.flatMap((id) => byId.get(id) ?? []))
  if (isAgreed) return parts
  partQuestions.set(
    model,
    parts.map(({ length }) => length),
  )
  return null
}

/** `release` ends what keeps the changes from being edited and saved otherwise. */
export async function saveInParts(
  model: TableModel,
  description: TableDescription,
  parts: readonly (readonly Change[])[],
  release: () => void,
): Promise<void> {
  const of = parts.reduce((sum, { length }) => sum + length, 0)
  const what = `Save ${plural(of, 'change')} to ${model.table} in ${plural(parts.length, 'transaction')}`
  const typed: Confirmation = {}
  let isStopped = false
  const end = () => {
    savingWorks.set(model, null)
    release()
  }
  const show = (words: string, done: number) =>
    savingWorks.set(model, {
      words,
      done,
      of,
      cancel: () => ((isStopped = true), show('Stopping after this one', done)),
    })
  let done = 0
  /** What the database stored otherwise than it was given, of the last transaction in which it did. */
  let noted: TableNotice | null = null
  for (const [index, part] of parts.entries()) {
    // What was saved before is no longer staged: a page that ends now must not leave it behind as if it were.
    await flush()
    if (!isStopped) show(`Saving transaction ${index + 1} of ${parts.length}`, done)
    const result = await send(model, part, what, typed)
    const number = index + 1
    if (!result.isSuccess) {
      end()
      const nothing = `Nothing of transaction ${number} of ${parts.length} was saved.`
      const still = `What transaction ${number} of ${parts.length} was to save is still staged.`
      if (done === 0) return tell(model, description, part, result)
      // What was said of the transaction before is said again, beside what went wrong.
      model.set({ notice: null })
      tell(model, description, part, result, { nothing, still })
      return addBefore(model, index, parts.length, done)
    }
    done += part.length
    if (number === parts.length || isStopped) end()
    else model.set({ saving: new Set(parts.slice(number).flatMap((each) => each.map(({ id }) => id))) })
    tell(model, description, part, result)
    if (model.state.notice?.tone === 'note') noted = model.state.notice
    if (isStopped && number < parts.length) {
      const text = `Stopped after transaction ${number} of ${parts.length}: ${plural(done, 'change')} saved. ${leftWords(model)}`
      return model.set({ notice: { tone: 'note', text, action: toHistory(model) } })
    }
  }
  const text = `Saved ${plural(of, 'change')} to ${model.table} in ${plural(parts.length, 'transaction')}.`
  model.set({
    notice: noted
      ? { ...noted, text: `${text} Of one of them: ${noted.text}`, also: toHistory(model) }
      : { tone: 'good', text, also: toHistory(model) },
  })
}

/** Says beside what went wrong what is in the database all the same, and what is not. */
function addBefore(model: TableModel, saved: number, of: number, changes: number): void {
  const which = saved === 1 ? `Transaction 1 of ${of} was` : `Transactions 1 to ${saved} of ${of} were`
  const before = `${which} saved before, ${plural(changes, 'change')}, and ${saved === 1 ? 'stays' : 'stay'} saved. ${leftWords(model)}`
  const { notice, conflicts } = model.state
  if (notice) return model.set({ notice: { ...notice, text: `${notice.text} ${before}` } })
  const nothing = conflicts ? `Nothing of transaction ${saved + 1} of ${of} was saved. ` : ''
  model.set({ notice: { tone: 'bad', text: nothing + before } })
}

function leftWords({ profileId, table }: TableModel): string {
  const left = readStaged(profileId, table).changes.length
  return `${count(left)} ${left === 1 ? 'change is' : 'changes are'} still staged.`
}

const toHistory = (model: TableModel) => ({
  label: 'Saves of this table…',
  perform: () => model.set({ notice: null, history: { saveId: null } }),
})

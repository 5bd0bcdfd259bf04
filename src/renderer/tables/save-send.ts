// One transaction of staged changes: sent, and for each answer what becomes of the staged changes and the rows.
import { safe } from '@orpc/client'
import type { Change, TableDescription } from '../../shared/tables.ts'
import { api } from '../api.ts'
import { isAbort } from '../ui/call-error.ts'
import { confirmed } from '../ui/confirm-production.ts'
import { aboutRow, failed, mark, saved, stop } from './save-answer.ts'
import { showOutcome } from './save-outcome.ts'
import type { TableModel } from './table-model.ts'

/** What a person typed for a production database, once for all transactions of a save. */
export interface Confirmation {
  confirmation?: string
}

/** `what` is said where the person is asked for the name of a production database. */
export function send({ profileId, table }: TableModel, changes: readonly Change[], what: string, typed: Confirmation) {
  return safe(
    confirmed(what, (now) => {
      Object.assign(typed, now)
      return api.tables.save({ profileId, table, changes: [...changes], ...typed })
    }),
  )
}
export type Sent = Awaited<ReturnType<typeof send>>

/** What is said of changes that were not saved. */
export interface NotSaved {
  /** "Nothing was saved." */
  nothing: string
  /** "Everything staged is still here." */
  still: string
}

const ALONE: NotSaved = { nothing: 'Nothing was saved.', still: 'Everything staged is still here.' }

export function tell(
  model: TableModel,
  description: TableDescription,
  changes: readonly Change[],
  result: Sent,
  { nothing, still } = ALONE,
): void {
  if (result.isSuccess) return saved(model, description, changes, result.data)
  const { error } = result
  if (isAbort(error)) return model.set({ notice: { tone: 'note', text: 'Not confirmed: nothing was saved.' } })
  if (!result.isDefined) return failed(model, changes, error, still)
  switch (result.error.code) {
    case 'CONFLICT':
      return model.set({ conflicts: result.error.data.conflicts })
    case 'DUPLICATE': {
      const { changeId, columns, holder } = result.error.data
      const column = columns[0] ?? ''
      mark(model, changeId, columns, result.error.message)
      const action = holder && { label: 'Go to row', perform: () => void model.goToRow(holder.key, column) }
      const text = aboutRow(description, changes, changeId, result.error.message)
      return model.set({ notice: { tone: 'bad', text, ...(action && { action }) } })
    }
    case 'VALUE_REFUSED': {
      const { changeId, column } = result.error.data
      mark(model, changeId, column === null ? [] : [column], result.error.message)
      const text = aboutRow(description, changes, changeId, stop(result.error.message))
      return model.set({ notice: { tone: 'bad', text: `${text} ${nothing}` } })
    }
    case 'INTERRUPTED':
      return showOutcome(model, changes, result.error.data, result.error.message)
    default:
      return failed(model, changes, error, still)
  }
}

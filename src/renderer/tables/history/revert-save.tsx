// Taking one save back: its SQL first, then the question, then what became of it.
import { Button } from '@mantine/core'
import { safe } from '@orpc/client'
import { useState } from 'react'
import type { SavedBatch } from '../../../shared/table-saves.ts'
import type { Conflict, TableDescription } from '../../../shared/tables.ts'
import { api } from '../../api.ts'
import { isAbort, wordsOf } from '../../ui/call-error.ts'
import { confirmed } from '../../ui/confirm-production.ts'
import { moment, plural } from '../../ui/wording.ts'
import { cellInWords, rowInWords } from '../describe-change.ts'
import type { TableModel } from '../table-model.ts'
import { saveInWords } from './save-in-words.ts'
import { Statements } from './statements.tsx'
import css from './history.module.css'

/** Rows of which it is shown what has changed. */
const SHOWN = 50

interface RevertSaveProps {
  model: TableModel
  description: TableDescription
  save: SavedBatch
}

interface Refused {
  words: string
  conflicts: readonly Conflict[]
}

export function RevertSave({ model, description, save }: RevertSaveProps) {
  const [isBusy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const { profileId, table } = model
  const what = `Take back the save of ${moment(save.at)}`
  const revert = async () => {
    setBusy(true)
    const answer = await safe(
      confirmed(what, (confirmation) => api.tables.revert({ profileId, saveId: save.id, ...confirmation })),
    )
    setBusy(false)
    if (answer.isSuccess) {
      const { id } = answer.data
      const also =
        id === null ? {} : { also: { label: 'Undo it…', perform: () => model.set({ history: { saveId: id } }) } }
      model.set({
        history: null,
        notice: { tone: 'good', text: `Took back the save of ${moment(save.at)}: ${saveInWords(save)}.`, ...also },
      })
      return model.reload()
    }
    const { error } = answer
    if (isAbort(error)) return setRefused({ words: 'Not confirmed: nothing was changed.', conflicts: [] })
    const conflicts = answer.isDefined && answer.error.code === 'CONFLICT' ? answer.error.data.conflicts : []
    const { message, hint } = wordsOf(error)
    const words =
      conflicts.length > 0
        ? `Nothing was changed: ${plural(conflicts.length, 'row')} ${conflicts.length === 1 ? 'holds' : 'hold'} something else than the save left. Edit ${conflicts.length === 1 ? 'it' : 'them'} by hand where that is wanted.`
        : [message, hint].filter(Boolean).join(' ')
    setRefused({ words, conflicts })
  }
  return (
    <>
      <p className={css.note}>
        Saved {moment(save.at)}: {saveInWords(save)}. These statements take it back, in one transaction. A row that has
        changed since stops all of it.
      </p>
      {save.note !== undefined && <p className={css.note}>{save.note}</p>}
      <div className={css.boxed}>
        <Statements
          label="SQL that takes the save back"
          about={save.id}
          read={(most, signal) => api.tables.revertSql({ profileId, saveId: save.id, most }, { signal })}
        />
      </div>
      {refused && (
        <div role="alert">
          <p className={css.failure}>{refused.words}</p>
          {refused.conflicts.length > 0 && <Changed conflicts={refused.conflicts} description={description} />}
        </div>
      )}
      <div className={css.buttons}>
        <Button onClick={() => model.set({ history: { saveId: null } })}>All saves of {table}</Button>
        <Button data-autofocus onClick={() => model.set({ history: null })}>
          Cancel
        </Button>
        <Button variant="filled" loading={isBusy} onClick={() => void revert()}>
          Revert this save
        </Button>
      </div>
    </>
  )
}

function Changed({ conflicts, description }: { conflicts: readonly Conflict[]; description: TableDescription }) {
  const columnOf = (name: string) => description.columns.find((column) => column.name === name)
  const rows = conflicts.slice(0, SHOWN).flatMap((conflict) => {
    const row = rowInWords(description.key, conflict.key)
    if (conflict.isGone) return [{ key: `${conflict.changeId}`, row, cells: ['', '', 'The row is no longer there.'] }]
    return conflict.columns.map(({ column, base, theirs }) => ({
      key: `${conflict.changeId} ${column}`,
      row,
      cells: [column, cellInWords(base, columnOf(column)), cellInWords(theirs, columnOf(column))],
    }))
  })
  return (
    <div className={css.changed} tabIndex={0} role="region" aria-label="Rows that have changed since">
      <table className={css.compare}>
        <thead>
          <tr>
            <th scope="col">Row</th>
            <th scope="col">Column</th>
            <th scope="col">Left by the save</th>
            <th scope="col">Stored now</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, row, cells }) => (
            <tr key={key}>
              <td>{row}</td>
              {cells.map((text, index) => (
                <td key={index} title={text}>
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {conflicts.length > SHOWN && <p className={css.note}>and {plural(conflicts.length - SHOWN, 'more row')}</p>}
    </div>
  )
}

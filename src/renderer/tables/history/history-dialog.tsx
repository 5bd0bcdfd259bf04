// Earlier saves of this table: when, what they did, the SQL that takes each back, and taking it back.
import { Button, Modal } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { SavedBatch } from '../../../shared/table-saves.ts'
import type { TableDescription } from '../../../shared/tables.ts'
import { api } from '../../api.ts'
import { isAbort, wordsOf } from '../../ui/call-error.ts'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import { moment } from '../../ui/wording.ts'
import type { TableModel } from '../table-model.ts'
import { RevertSave } from './revert-save.tsx'
import { saveInWords } from './save-in-words.ts'
import css from './history.module.css'

interface HistoryDialogProps {
  model: TableModel
  description: TableDescription
  /** A save that is about to be taken back. */
  saveId: string | null
}

export function HistoryDialog({ model, description, saveId }: HistoryDialogProps) {
  useReturnFocus()
  const [saves, setSaves] = useState<readonly SavedBatch[] | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const { profileId, table } = model
  useEffect(() => {
    const reading = new AbortController()
    api.tables.saves({ profileId, table }, { signal: reading.signal }).then(setSaves, (error: unknown) => {
      if (!isAbort(error) && !reading.signal.aborted) setProblem(wordsOf(error).message)
    })
    return () => reading.abort()
  }, [profileId, table])
  const close = () => model.set({ history: null })
  const chosen = saves?.find(({ id }) => id === saveId)
  return (
    <Modal
      opened
      size={860}
      title={saveId === null ? `Saves of ${table}` : `Revert a save of ${table}`}
      onClose={close}
    >
      {problem !== null && (
        <p role="alert" className={css.failure}>
          {problem}
        </p>
      )}
      {chosen ? (
        <RevertSave model={model} description={description} save={chosen} />
      ) : (
        <>
          {saves && saveId !== null && <p className={css.note}>That save is no longer known.</p>}
          {saves && <Saves saves={saves} onChoose={(id) => model.set({ history: { saveId: id } })} />}
          <div className={css.buttons}>
            <Button data-autofocus onClick={close}>
              Close
            </Button>
          </div>
        </>
      )}
    </Modal>
  )
}

function Saves({ saves, onChoose }: { saves: readonly SavedBatch[]; onChoose: (id: string) => void }) {
  if (saves.length === 0) return <p className={css.note}>Nothing was saved to this table from here yet.</p>
  return (
    <div className={css.saves} tabIndex={0} role="region" aria-label="Saves">
      <table className={css.savesTable}>
        <thead>
          <tr>
            <th scope="col">Saved</th>
            <th scope="col">What it did</th>
            <th scope="col">Taking it back</th>
          </tr>
        </thead>
        <tbody>
          {saves.map((save) => (
            <tr key={save.id}>
              <td>{moment(save.at)}</td>
              <td>
                {saveInWords(save)}
                {save.reverts !== null && ' (took an earlier save back)'}
              </td>
              <td>
                {save.refusal === null ? (
                  <Button onClick={() => onChoose(save.id)} aria-label={`Revert the save of ${moment(save.at)}`}>
                    Revert…
                  </Button>
                ) : (
                  <span className={css.refusal}>{save.refusal}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

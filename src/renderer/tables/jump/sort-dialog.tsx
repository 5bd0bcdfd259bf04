// Before a view is sorted in an order that no index serves: what that costs, and the index that would serve it.
import { Button, CopyButton, Modal } from '@mantine/core'
import { useState } from 'react'
import { api } from '../../api.ts'
import { isAbort, wordsOf } from '../../ui/call-error.ts'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import { duration, plural } from '../../ui/wording.ts'
import type { TableModel } from '../table-model.ts'
import css from '../table-screen.module.css'
import type { CostlySort } from '../table-state.ts'
import { cancelSort, sortAnyway } from './sorting.ts'

interface SortDialogProps {
  model: TableModel
  costly: CostlySort
}

export function SortDialog({ model, costly: { sort, cost } }: SortDialogProps) {
  useReturnFocus()
  /** The SQL, where no file could be written; and why. */
  const [shown, setShown] = useState<string | null>(null)
  const [isWriting, setWriting] = useState(false)
  const index = cost.createIndex
  const write = async () => {
    if (!index) return
    setWriting(true)
    try {
      const text = { up: index.up, down: index.down }
      const { paths } = await api.migrations.create({
        profileId: model.profileId,
        title: index.title,
        kind: 'sql',
        text,
      })
      const name = paths[0]?.split(/[\\/]/).at(-1) ?? index.title
      cancelSort(model)
      model.set({
        notice: {
          tone: 'good',
          text: `${name} was written. Migrations lists it as pending: apply it, then sort again.`,
        },
      })
    } catch (error) {
      if (!isAbort(error)) setShown(wordsOf(error).message)
    } finally {
      setWriting(false)
    }
  }
  return (
    <Modal opened size={600} title={`No index serves this order by ${sort.column}`} onClose={() => cancelSort(model)}>
      <p className={css.costWords}>{cost.words}</p>
      <dl className={css.facts}>
        {cost.rows !== null && (
          <div className={css.fact}>
            <dt>Rows sorted for each page</dt>
            <dd>{plural(cost.rows, 'row')}</dd>
          </div>
        )}
        {cost.milliseconds !== null && (
          <div className={css.fact}>
            <dt>Time for each page, estimated</dt>
            <dd>{duration(cost.milliseconds)}</dd>
          </div>
        )}
      </dl>
      {shown !== null && index && (
        <>
          <p className={css.dialogNote} role="alert">
            No file was written. {shown} This is the SQL:
          </p>
          <pre className={css.hex} tabIndex={0} aria-label="SQL of the index">
            {index.up}
          </pre>
        </>
      )}
      <div className={css.buttons}>
        <Button data-autofocus onClick={() => cancelSort(model)}>
          Cancel
        </Button>
        {index && shown !== null && (
          <CopyButton value={index.up}>
            {({ copied, copy }) => <Button onClick={copy}>{copied ? 'Copied' : 'Copy the SQL'}</Button>}
          </CopyButton>
        )}
        {index && shown === null && (
          <Button loading={isWriting} onClick={() => void write()}>
            Write a migration that makes the index
          </Button>
        )}
        <Button variant="filled" onClick={() => sortAnyway(model)}>
          Sort anyway
        </Button>
      </div>
    </Modal>
  )
}

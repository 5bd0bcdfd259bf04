// What each save from here that is still kept did to this row, each to be taken back as a whole.
import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { Cell } from '../../../shared/cell.ts'
import type { RowSave } from '../../../shared/table-saves.ts'
import type { TableDescription } from '../../../shared/tables.ts'
import { api } from '../../api.ts'
import { valueInWords } from '../../grid/cell-show.ts'
import type { TableModel } from '../../tables/table-model.ts'
import { isAbort, wordsOf } from '../../ui/call-error.ts'
import { moment } from '../../ui/wording.ts'
import css from './user-page.module.css'

interface RowHistoryProps {
  model: TableModel
  description: TableDescription
  rowKey: readonly Cell[]
  /** Opens the dialog that takes a save back. */
  onRevert: (saveId: string) => void
}

/** Milliseconds on one user before its saves are opened: who only passes asks for nothing. */
const REST = 250
/** Columns of a save that are listed; a whole row that came or went has more. */
const LISTED = 12
const DID: Record<RowSave['kind'], string> = { update: 'Changed', insert: 'Added', delete: 'Deleted' }

export function RowHistory({ model, description, rowKey, onRevert }: RowHistoryProps) {
  const [read, setRead] = useState<{ saves: readonly RowSave[]; problem: string | null } | null>(null)
  const { profileId, table } = model
  useEffect(() => {
    const own = new AbortController()
    const ask = () =>
      api.tables.rowSaves({ profileId, table, key: [...rowKey] }, { signal: own.signal }).then(
        ({ saves }) => setRead({ saves, problem: null }),
        (error: unknown) => {
          if (!isAbort(error) && !own.signal.aborted) setRead({ saves: [], problem: wordsOf(error).message })
        },
      )
    const timer = setTimeout(() => void ask(), REST)
    return () => {
      clearTimeout(timer)
      own.abort()
    }
  }, [profileId, table, rowKey])
  const columnOf = (name: string) => description.columns.find((column) => column.name === name)
  return (
    <section aria-label="Saves of this row">
      <h3 className={css.part}>Saves of this row</h3>
      {read === null && <p className={css.quiet}>Looking for saves…</p>}
      {read?.problem != null && <p role="alert">{read.problem}</p>}
      {read?.saves.length === 0 && read.problem === null && (
        <p className={css.quiet}>Roster has not changed it, or keeps no more of it.</p>
      )}
      {read?.saves.map((save) => (
        <div key={`${save.id} ${save.kind}`} className={css.save}>
          <div className={css.saveHead}>
            <span>
              {save.reverts === null ? DID[save.kind] : `${DID[save.kind]} by taking a save back`} {moment(save.at)}
            </span>
            {save.refusal === null && (
              <Button size="compact-xs" variant="subtle" onClick={() => onRevert(save.id)}>
                Revert this save…
              </Button>
            )}
          </div>
          {save.refusal !== null && <p className={css.quiet}>{save.refusal}</p>}
          <ul className={css.cells}>
            {save.cells.slice(0, LISTED).map(({ column, from, to }) => (
              <li key={column}>
                <b>{column}</b> {save.kind !== 'insert' && valueInWords(from, columnOf(column))}
                {save.kind === 'update' && ' → '}
                {save.kind !== 'delete' && valueInWords(to, columnOf(column))}
              </li>
            ))}
            {save.cells.length > LISTED && <li>and {save.cells.length - LISTED} more columns</li>}
          </ul>
        </div>
      ))}
    </section>
  )
}

// Rows that changed since they were read: what I saw, what is there now, what I want; decided cell by cell, row by row or at once.
import { Button, Modal } from '@mantine/core'
import { useCallback, useMemo, useState } from 'react'
import type { Conflict, TableDescription } from '../../shared/tables.ts'
import { plural } from '../ui/wording.ts'
import { WindowedList } from '../ui/windowed-list.tsx'
import { decide } from './conflict-decisions.ts'
import { chooseAll, isDecided, type Choices } from './conflicts/conflict-choices.ts'
import { ConflictCell } from './conflicts/conflict-cell.tsx'
import { ConflictHead } from './conflicts/conflict-head.tsx'
import css from './conflicts/conflicts.module.css'
import { changeStaged, readStaged } from './staged-edits.ts'
import type { TableModel } from './table-model.ts'
import { save } from './table-save.ts'

/** Pixels. */
const HEAD = 44
const CELL = 42
/** The list takes as much of the window as it needs, and no more than this. */
const MOST_HEIGHT = 460

interface ConflictDialogProps {
  model: TableModel
  description: TableDescription
  conflicts: readonly Conflict[]
}

export function ConflictDialog({ model, description, conflicts }: ConflictDialogProps) {
  const [choices, setChoices] = useState<Choices>(new Map())
  const open = conflicts.filter((conflict) => !isDecided(choices, conflict)).length
  const lines = useMemo(
    () =>
      conflicts.flatMap((conflict) => [
        { conflict, column: null },
        ...(conflict.isGone ? [] : conflict.columns.map(({ column }) => ({ conflict, column }))),
      ]),
    [conflicts],
  )
  const heightOf = useCallback((index: number) => (lines[index]?.column == null ? HEAD : CELL), [lines])
  const height = Math.min(MOST_HEIGHT, conflicts.length * HEAD + (lines.length - conflicts.length) * CELL)

  /** What was decided is taken over, in one step of undo; rows of which nothing was decided stay as they are. */
  const close = () => {
    const decided = conflicts.filter((conflict) => isDecided(choices, conflict))
    changeStaged(model.profileId, model.table, (staged) =>
      decide(staged, decided, ({ changeId }) => choices.get(changeId) ?? { row: 'mine' }),
    )
    model.set({ conflicts: null })
    // What is stored now is shown beside what stays staged.
    if (decided.length > 0) model.reload()
  }
  const saveAgain = () => {
    close()
    if (readStaged(model.profileId, model.table).changes.length > 0) void save(model)
  }
  const one = conflicts.length === 1
  return (
    <Modal
      opened
      size={980}
      title={`${plural(conflicts.length, 'row')} of ${model.table} changed since ${one ? 'it was' : 'they were'} read`}
      onClose={close}
    >
      <div className={css.top}>
        <p className={css.note}>
          {/* On a cluster, transactions before this one may have been saved; that is said behind this dialog too. */}
          {model.state.notice?.text ?? 'Nothing was saved. Everything staged is still here.'} What is decided here is
          saved with the next save.
        </p>
        {!one && (
          <>
            <Button onClick={() => setChoices(chooseAll(choices, conflicts, 'mine'))}>Keep mine for all</Button>
            <Button onClick={() => setChoices(chooseAll(choices, conflicts, 'theirs'))}>Take theirs for all</Button>
          </>
        )}
      </div>
      <div className={css.columns} aria-hidden>
        <span>Column</span>
        <span>Base: what you saw</span>
        <span>Theirs: stored now</span>
        <span>Mine</span>
        <span>Decision</span>
      </div>
      <div className={css.frame} style={{ height }}>
        <WindowedList
          label="Rows that changed"
          className={css.list}
          count={lines.length}
          heightOf={heightOf}
          keyOf={(index) => `${lines[index]?.conflict.changeId} ${lines[index]?.column ?? ''}`}
          render={(index) => {
            const line = lines[index]
            if (!line) return null
            const props = { model, description, conflict: line.conflict, choices, onChoose: setChoices }
            return line.column === null ? (
              <ConflictHead {...props} isFirst={index === 0} />
            ) : (
              <ConflictCell {...props} name={line.column} />
            )
          }}
        />
      </div>
      <div className={css.buttons}>
        <span role="status" className={css.open}>
          {open > 0 ? `${plural(open, 'row')} not decided` : 'Everything is decided'}
        </span>
        <Button onClick={close}>Close</Button>
        <Button variant="filled" disabled={open > 0} onClick={saveAgain}>
          Save again
        </Button>
      </div>
    </Modal>
  )
}

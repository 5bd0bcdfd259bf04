// One user as a form: what each column means to the application, what is wrong, who is alike, and what was saved of the row.
import { Modal } from '@mantine/core'
import { useEffect } from 'react'
import type { ShownCell } from '../../../shared/cell.ts'
import type { TableDescription } from '../../../shared/tables.ts'
import { userProblems } from '../../../shared/user-checks.ts'
import { inWords } from '../../grid/cell-show.ts'
import { cellShown, type GridLine } from '../../grid/grid-line.ts'
import { useWholeRow } from '../../tables/inspector/whole-row.ts'
import { useSlot } from '../../tables/selection/slot.ts'
import { useStaged } from '../../tables/staged-edits.ts'
import type { TableModel } from '../../tables/table-model.ts'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import { userPages } from './open-page.ts'
import { PageBar } from './page-bar.tsx'
import { PageSide } from './page-side.tsx'
import { UserFields } from './user-fields.tsx'
import css from './user-page.module.css'

interface UserPageProps {
  model: TableModel
  description: TableDescription
}

export function UserPage({ model, description }: UserPageProps) {
  const isOpen = useSlot(userPages, model) !== null
  return isOpen && description.owner?.user ? <Opened model={model} description={description} /> : null
}

function Opened({ model, description }: UserPageProps) {
  useReturnFocus()
  useStaged(model.profileId, model.table)
  const at = model.currentLine()
  const close = () => userPages.set(model, null)
  // A value that is edited in its cell is edited there.
  const isEditing = model.state.editing !== null
  useEffect(() => {
    if (isEditing) userPages.set(model, null)
  }, [isEditing, model])
  useEscape(model)
  return (
    <Modal
      opened
      size={1060}
      closeOnEscape={false}
      classNames={{ content: css.dialog ?? '', body: css.body ?? '' }}
      title={<span className={css.title}>{at ? titleOf(description, at.line) : 'User'}</span>}
      onClose={close}
      aria-label="User page"
    >
      {at ? (
        <Shown model={model} description={description} line={at.line} index={at.index} close={close} />
      ) : (
        <p role="status" className={css.quiet}>
          The row is being read, or is no longer in this view.
        </p>
      )}
    </Modal>
  )
}

/** Escape takes back what is typed in a field, closes a menu, and only then the page. */
function useEscape(model: TableModel): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented) return
      if (event.target instanceof Element && event.target.closest('[role=menu]')) return
      event.preventDefault()
      userPages.set(model, null)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [model])
}

function titleOf({ columns, owner }: TableDescription, line: GridLine): string {
  const place = columns.findIndex(({ name }) => name === owner?.user?.email)
  const column = columns[place]
  const email = column && cellShown(line, column, place)?.cell
  if (email === undefined) return 'New user'
  return email === null || email === '' ? 'User without an email' : inWords(email)
}

interface ShownProps extends UserPageProps {
  line: GridLine
  index: number
  close: () => void
}

function Shown({ model, description, line, index, close }: ShownProps) {
  const whole = useWholeRow(model, line)
  const shown = (name: string): ShownCell | undefined => {
    const place = description.columns.findIndex((column) => column.name === name)
    const column = description.columns[place]
    const cell = column && cellShown(line, column, place)
    return cell?.cutLength === undefined ? cell?.cell : whole.values.get(place)
  }
  const problems = userProblems(description, shown, new Date().toISOString())
  return (
    <>
      <PageBar model={model} description={description} line={line} index={index} shown={shown} close={close} />
      {whole.problem !== null && <p role="alert">{whole.problem}</p>}
      <div className={css.page}>
        <UserFields
          model={model}
          description={description}
          line={line}
          whole={whole.values}
          problems={problems}
          close={close}
        />
        <PageSide
          model={model}
          description={description}
          line={line}
          email={shown(description.owner?.user?.email ?? '')}
          problems={problems}
          close={close}
        />
      </div>
    </>
  )
}

// One user as a form: what each column means to the application, what is wrong, who is alike, and what was saved of the row.
import { ActionIcon, Button, Menu, Modal, Tooltip } from '@mantine/core'
import { ChevronDown, ChevronLeft, ChevronRight } from 'lucide-react'
import { useEffect, useMemo, type ReactNode } from 'react'
import type { Cell, ShownCell } from '../../../shared/cell.ts'
import type { TableDescription } from '../../../shared/tables.ts'
import { userProblems, type UserProblem } from '../../../shared/user-checks.ts'
import { inWords } from '../../grid/cell-show.ts'
import { cellShown, type GridLine } from '../../grid/grid-line.ts'
import { InspectorField } from '../../tables/inspector/inspector-field.tsx'
import { useWholeRow } from '../../tables/inspector/whole-row.ts'
import { useSlot } from '../../tables/selection/slot.ts'
import { changeStaged, readStaged, useStaged } from '../../tables/staged-edits.ts'
import { dropChanges } from '../../tables/changes.ts'
import type { TableModel } from '../../tables/table-model.ts'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import { VerbItems } from '../verbs/verb-items.tsx'
import { AlikeUsers } from './alike-users.tsx'
import { groupsOf } from './groups.ts'
import { userPages } from './open-page.ts'
import { RowHistory } from './row-history.tsx'
import { stateWords } from './state-words.ts'
import css from './user-page.module.css'

interface UserPageProps {
  model: TableModel
  description: TableDescription
}

export function UserPage({ model, description }: UserPageProps) {
  const isOpen = useSlot(userPages, model) !== null
  useStaged(model.profileId, model.table)
  const at = model.currentLine()
  if (!isOpen || !description.owner?.user || !at) return null
  return <Shown model={model} description={description} line={at.line} index={at.index} />
}

interface ShownProps extends UserPageProps {
  line: GridLine
  index: number
}

function Shown({ model, description, line, index }: ShownProps) {
  useReturnFocus()
  const whole = useWholeRow(model, line)
  const close = () => userPages.set(model, null)
  // A value that is edited in its cell is edited there.
  const isEditing = model.state.editing !== null
  useEffect(() => {
    if (isEditing) userPages.set(model, null)
  }, [isEditing, model])
  const shown = (name: string): ShownCell | undefined => {
    const place = description.columns.findIndex((column) => column.name === name)
    const column = description.columns[place]
    const cell = column && cellShown(line, column, place)
    return cell?.cutLength === undefined ? cell?.cell : whole.values.get(place)
  }
  const problems = userProblems(description, shown, new Date().toISOString())
  const email = shown(description.owner?.user?.email ?? '')
  const title =
    email === undefined ? 'New user' : email === null || email === '' ? 'User without an email' : inWords(email)
  const step = (by: number) => model.moveTo(index + by, model.state.current?.column ?? '')
  return (
    <Modal opened size={1060} title={<span className={css.title}>{title}</span>} onClose={close} aria-label="User page">
      <div className={css.bar}>
        {stateWords(description, shown).map(({ words, tone }) => (
          <span key={words} className={css.badge} data-tone={tone}>
            {words}
          </span>
        ))}
        {line.change && <span className={css.staged}>edited, not saved yet</span>}
        <span className={css.space} />
        <Verbs model={model} description={description} onChosen={close} />
        {line.change && (
          <Button
            onClick={() => {
              changeStaged(model.profileId, model.table, (staged) => dropChanges(staged, [line.id]))
              if (!readStaged(model.profileId, model.table).changes.some(({ id }) => id === line.id) && !line.row)
                close()
            }}
          >
            Undo changes
          </Button>
        )}
        <Step label="The user before" isOff={index === 0} onStep={() => step(-1)}>
          <ChevronLeft size={15} />
        </Step>
        <Step label="The next user" isOff={index >= model.lineCount() - 1} onStep={() => step(1)}>
          <ChevronRight size={15} />
        </Step>
      </div>
      <div className={css.page}>
        <div className={css.form}>
          {groupsOf(description).map(({ title: group, columns }) => (
            <section key={group} aria-label={group}>
              <h3 className={css.part}>{group}</h3>
              {columns.map(({ column, index: place }) => (
                <div key={`${line.id} ${column.name}`}>
                  <InspectorField
                    model={model}
                    line={line}
                    column={column}
                    index={place}
                    whole={whole.values.get(place)}
                    isCurrent={false}
                    reference={undefined}
                  />
                  <Meaning words={description.owner?.meanings[column.name]} />
                  <Problems problems={problems.filter((problem) => problem.column === column.name)} />
                </div>
              ))}
            </section>
          ))}
        </div>
        <Beside model={model} description={description} line={line} email={email} problems={problems} close={close} />
      </div>
    </Modal>
  )
}

interface BesideProps extends UserPageProps {
  line: GridLine
  email: ShownCell | undefined
  problems: readonly UserProblem[]
  close: () => void
}

function Beside({ model, description, line, email, problems, close }: BesideProps) {
  const key: readonly Cell[] | null = useMemo(() => line.row?.key ?? null, [line.row])
  const go = (to: readonly Cell[]) => void model.goToRow(to, model.state.current?.column ?? '')
  return (
    <div className={css.beside}>
      <section aria-label="What is wrong">
        <h3 className={css.part}>What is wrong</h3>
        {problems.length === 0 && <p className={css.quiet}>Nothing that is known.</p>}
        <Problems problems={problems} isNamed />
      </section>
      {typeof email === 'string' && email !== '' && (
        <AlikeUsers key={`${line.id} ${email}`} model={model} email={email} rowKey={key} onGo={go} />
      )}
      {key && (
        <RowHistory
          key={line.id}
          model={model}
          description={description}
          rowKey={key}
          onRevert={(saveId) => {
            close()
            model.set({ history: { saveId } })
          }}
        />
      )}
    </div>
  )
}

function Meaning({ words }: { words: string | undefined }) {
  return words === undefined ? null : <p className={css.meaning}>{words}</p>
}

function Problems({ problems, isNamed = false }: { problems: readonly UserProblem[]; isNamed?: boolean }) {
  return problems.map(({ column, weight, words }) => (
    <p key={`${column} ${words}`} className={css.problem} data-weight={weight}>
      {isNamed && <b>{column}: </b>}
      {words}
    </p>
  ))
}

/** Each verb asks in a dialog of its own, which takes the place of the page. */
function Verbs({ model, description, onChosen }: UserPageProps & { onChosen: () => void }) {
  return (
    <Menu position="bottom-end" shadow="sm">
      <Menu.Target>
        <Button rightSection={<ChevronDown size={13} />}>What to do</Button>
      </Menu.Target>
      <Menu.Dropdown onClick={onChosen}>
        <VerbItems model={model} description={description} />
      </Menu.Dropdown>
    </Menu>
  )
}

interface StepProps {
  label: string
  isOff: boolean
  onStep: () => void
  children: ReactNode
}

function Step({ label, isOff, onStep, children }: StepProps) {
  return (
    <Tooltip label={label} disabled={isOff}>
      <ActionIcon aria-label={label} disabled={isOff} onClick={onStep}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}

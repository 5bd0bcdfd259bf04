// The head of a user's page: what state the user is in, what can be done, and the way to the next one.
import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import { ChevronDown, ChevronLeft, ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import type { TableDescription } from '../../../shared/tables.ts'
import type { Shown } from '../../../shared/user-checks.ts'
import type { GridLine } from '../../grid/grid-line.ts'
import { dropChanges } from '../../tables/changes.ts'
import { changeStaged } from '../../tables/staged-edits.ts'
import type { TableModel } from '../../tables/table-model.ts'
import { VerbItems } from '../verbs/verb-items.tsx'
import { chooseThisUser } from './open-page.ts'
import { stateWords } from './state-words.ts'
import css from './user-page.module.css'

interface PageBarProps {
  model: TableModel
  description: TableDescription
  line: GridLine
  index: number
  shown: Shown
  close: () => void
}

const STAGED = { insert: 'new, not saved yet', update: 'edited, not saved yet', delete: 'marked for deletion' } as const

export function PageBar({ model, description, line, index, shown, close }: PageBarProps) {
  const step = (by: number) => model.moveTo(index + by, model.state.current?.column ?? '')
  const undo = () => {
    changeStaged(model.profileId, model.table, (staged) => dropChanges(staged, [line.id]))
    // A new row is gone with its change.
    if (!line.row) close()
  }
  return (
    <div className={css.bar}>
      {stateWords(description, shown).map(({ words, tone }) => (
        <span key={words} className={css.badge} data-tone={tone}>
          {words}
        </span>
      ))}
      {line.change && <span className={css.staged}>{STAGED[line.change.kind]}</span>}
      <span className={css.space} />
      <Verbs model={model} description={description} onChosen={close} />
      {line.change && <Button onClick={undo}>Undo changes</Button>}
      <Step label="The user before" isOff={index === 0} onStep={() => step(-1)}>
        <ChevronLeft size={15} />
      </Step>
      <Step label="The next user" isOff={index >= model.lineCount() - 1} onStep={() => step(1)}>
        <ChevronRight size={15} />
      </Step>
    </div>
  )
}

interface VerbsProps {
  model: TableModel
  description: TableDescription
  onChosen: () => void
}

/** Each verb asks in a dialog of its own, which takes the place of the page. */
function Verbs({ model, description, onChosen }: VerbsProps) {
  return (
    <Menu position="bottom-end" shadow="sm" onOpen={() => chooseThisUser(model)}>
      <Menu.Target>
        <Button rightSection={<ChevronDown size={13} />}>What to do</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <VerbItems model={model} description={description} onChosen={onChosen} />
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

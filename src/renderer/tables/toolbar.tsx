// The toolbar of the table screen: search, row commands, what is staged, and help with the keys.
import { ActionIcon, Button, Checkbox, Popover, Tooltip } from '@mantine/core'
import { Columns3, History, ListChecks, PanelRight, Plus, RefreshCw, Save, Trash2 } from 'lucide-react'
import { useSyncExternalStore, type ReactNode, type RefObject } from 'react'
import type { Column } from '../../shared/tables.ts'
import type { ColumnLayout } from '../grid/use-grid-columns.ts'
import { Later } from '../ui/later.tsx'
import { ReasonButton } from '../ui/reason-button.tsx'
import { FilterButton } from './filter/filter-button.tsx'
import { ShortcutHelp } from './key-map.tsx'
import { LongSave } from './long-save.tsx'
import { QuickSearch } from './quick-search.tsx'
import { selectionOf } from './selection/selection.ts'
import { tableActions, type TableAction } from './table-actions.ts'
import type { TableModel } from './table-model.ts'
import css from './table-screen.module.css'

interface ToolbarProps {
  model: TableModel
  columns: readonly Column[]
  layout: ColumnLayout
  onLayout: (change: (before: ColumnLayout) => ColumnLayout) => void
  stagedCount: number
  isListOpen: boolean
  onList: () => void
  field: RefObject<HTMLInputElement | null>
  /** Commands of other features. */
  extra?: ReactNode
}

export function Toolbar(props: ToolbarProps) {
  const { model, columns } = props
  // What is chosen is what the commands are about.
  const selection = selectionOf(model)
  useSyncExternalStore(selection.subscribe, selection.block)
  return (
    <div className={css.toolbar} role="toolbar" aria-label="Table">
      <QuickSearch
        columns={columns}
        filter={model.state.filter}
        field={props.field}
        onFilter={(filter) => model.changeView({ filter })}
      />
      {model.state.description && <FilterButton model={model} description={model.state.description} />}
      <Later>
        <RowCommands {...props} />
      </Later>
    </div>
  )
}

function RowCommands(props: ToolbarProps) {
  const { model, stagedCount } = props
  return (
    <>
      <Command model={model} action={tableActions.newRow} icon={<Plus size={14} />} isBrief />
      <Command model={model} action={tableActions.deleteRow} icon={<Trash2 size={14} />} isBrief />
      <Tooltip label="Reload (F5)">
        <ActionIcon size={28} aria-label="Reload" onClick={() => tableActions.reload.perform(model)}>
          <RefreshCw size={14} />
        </ActionIcon>
      </Tooltip>
      <ColumnChooser {...props} />
      <Tooltip label="Saves of this table (Ctrl+H)">
        <ActionIcon size={28} aria-label="Saves of this table" onClick={() => tableActions.history.perform(model)}>
          <History size={14} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="The whole row (Ctrl+I)">
        <ActionIcon size={28} aria-label="Show the row" onClick={() => tableActions.inspect.perform(model)}>
          <PanelRight size={14} />
        </ActionIcon>
      </Tooltip>
      {props.extra}
      <ShortcutHelp model={model} />
      <div className={css.space} />
      {stagedCount > 0 && (
        <Button leftSection={<ListChecks size={14} />} aria-expanded={props.isListOpen} onClick={props.onList}>
          {props.isListOpen ? 'Hide changes' : 'Show changes'}
        </Button>
      )}
      <Command model={model} action={tableActions.discard} />
      <span className={css.saving}>
        {model.state.description?.isClustered && <LongSave changes={stagedCount} />}
        <Command
          model={model}
          action={tableActions.save}
          icon={<Save size={14} />}
          isMain={stagedCount > 0}
          isBusy={model.state.saving !== null}
        />
      </span>
    </>
  )
}

interface CommandProps {
  model: TableModel
  action: TableAction
  icon?: ReactNode
  isMain?: boolean
  isBusy?: boolean
  isBrief?: boolean
}

function Command({ model, action, icon, isMain = false, isBusy = false, isBrief = false }: CommandProps) {
  return (
    <ReasonButton
      reason={action.refusal(model)}
      leftSection={icon}
      variant={isMain ? 'filled' : 'default'}
      loading={isBusy}
      // With a sign of its own it can do without its name in a narrow window.
      {...(isBrief && {
        'aria-label': action.label(model),
        title: action.label(model),
        classNames: { label: css.brief ?? '', section: css.briefSign ?? '' },
      })}
      onClick={() => action.perform(model)}
    >
      {action.label(model)}
    </ReasonButton>
  )
}

function ColumnChooser({ columns, layout, onLayout }: ToolbarProps) {
  const isShown = (name: string) => layout.hidden[name] !== false
  const shown = columns.filter(({ name }) => isShown(name)).length
  return (
    <Popover position="bottom-start" shadow="sm">
      <Popover.Target>
        <ActionIcon size={28} aria-label="Columns" title="Columns">
          <Columns3 size={14} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        {columns.map(({ name }) => (
          <Checkbox
            key={name}
            size="xs"
            mb={6}
            label={name}
            checked={isShown(name)}
            disabled={isShown(name) && shown === 1}
            onChange={({ currentTarget }) => {
              const isOn = currentTarget.checked
              onLayout((before) => ({ ...before, hidden: { ...before.hidden, [name]: isOn } }))
            }}
          />
        ))}
      </Popover.Dropdown>
    </Popover>
  )
}

// The map of keys: every command of the table that has one, by topic.
import { ActionIcon, Popover } from '@mantine/core'
import { Keyboard } from 'lucide-react'
import { blockActions } from './actions/block-actions.ts'
import { cellActions } from './actions/cell-actions.ts'
import { columnActions } from './actions/column-actions.ts'
import { filterActions } from './actions/filter-actions.ts'
import { jumpActions } from './actions/jump-actions.ts'
import { panelActions } from './actions/panel-actions.ts'
import { referenceActions } from './actions/reference-actions.ts'
import { rowActions } from './actions/row-actions.ts'
import { stagedActions } from './actions/staged-actions.ts'
import type { TableAction } from './actions/table-action.ts'
import { keyMaps } from './selection/open-dialogs.ts'
import { useSlot } from './selection/slot.ts'
import type { TableModel } from './table-model.ts'
import css from './table-screen.module.css'

type Topic = [title: string, keys: [keys: string, words: string][], actions: Record<string, TableAction>]

const topics: Topic[] = [
  [
    'Moving',
    [
      ['Arrows, Page keys', 'move'],
      ['Home, End', 'first and last column'],
      ['Ctrl+Home, Ctrl+End', 'first and last row'],
      ['Tab, Shift+Tab', 'next and previous cell; Esc, then Tab leaves the table'],
    ],
    jumpActions,
  ],
  [
    'Choosing cells',
    [
      ['Shift+arrows, Shift+click', 'draw a block; also by dragging'],
      ['Ctrl+click on a header', 'choose a column'],
    ],
    blockActions,
  ],
  [
    'A cell',
    [
      ['Space', 'true, false, NULL'],
      ['Ctrl+Enter', 'in a cell: set all chosen cells to it'],
      ['Alt+↓', 'in a date: calendar and clock'],
      ['Ctrl+V', 'paste; a block goes right and down'],
      ['Esc', 'leave a cell as it was'],
    ],
    cellActions,
  ],
  ['Rows', [], { ...rowActions, ...referenceActions }],
  ['Columns', [], columnActions],
  ['Search', [['Ctrl+F', 'search']], filterActions],
  ['Changes', [], stagedActions],
  ['Panels', [], panelActions],
]

/** Where the label of a command says too much, or the name of the current column. */
const words: Partial<Record<string, string>> = {
  sortUp: 'sort by this column, ascending',
  sortDown: 'sort by this column, descending',
  deleteRow: 'mark the row for deletion, or keep it',
  save: 'save everything staged',
  newRow: 'new row',
  goToRow: 'go to a row by its number',
  goToValue: 'go to a value of the column it is sorted by',
  edit: 'edit the cell',
  setNull: 'set to NULL',
  setNow: 'set a date to now, in UTC',
  copy: 'copy the cell, or the block as TSV',
  copyAs: 'copy as CSV, JSON, Markdown, INSERT, UPDATE, IN list',
  undo: 'undo the last change',
  redo: 'redo',
  reload: 'reload',
  chooseAll: 'choose all rows',
  chooseColumn: 'choose whole columns',
  chooseRow: 'choose whole rows',
  fillDown: 'fill the first row down',
  setCells: 'set a value in all chosen cells',
  columnMenu: 'commands of the column',
  inspect: 'show or hide the whole row',
  showKeys: 'show or hide these keys',
}

export function ShortcutHelp({ model }: { model: TableModel }) {
  const isOpen = useSlot(keyMaps, model) !== null
  return (
    <Popover
      opened={isOpen}
      position="bottom-start"
      shadow="sm"
      width={820}
      trapFocus
      returnFocus
      onChange={(isNow) => keyMaps.set(model, isNow ? true : null)}
    >
      <Popover.Target>
        <ActionIcon
          size={28}
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (F1)"
          onClick={() => keyMaps.set(model, isOpen ? null : true)}
        >
          <Keyboard size={15} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        {isOpen && (
          <div className={css.keyTopics} tabIndex={0} role="region" aria-label="Keys">
            <div className={css.keyColumns}>
              {topics.map(([title, keys, actions]) => (
                <section key={title} className={css.keyTopic}>
                  <h3>{title}</h3>
                  <dl className={css.keys}>
                    {[...keys, ...keysOf(actions, model)].map(([pressed, what]) => (
                      <div key={pressed} className={css.keyRow}>
                        <dt>{pressed}</dt>
                        <dd>{what}</dd>
                      </div>
                    ))}
                  </dl>
                </section>
              ))}
            </div>
          </div>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}

function keysOf(actions: Record<string, TableAction>, model: TableModel): [string, string][] {
  return Object.values(actions).flatMap(({ name, shortcut, help, label }) =>
    shortcut === null ? [] : [[shortcut, words[name] ?? help ?? label(model)]],
  )
}

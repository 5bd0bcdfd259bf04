// The screen of one table: toolbar, message line, grid, list of changes, status line, and the dialogs above them.
import { Button } from '@mantine/core'
import { CircleAlert } from 'lucide-react'
import { useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from 'react'
import { HEADER_HEIGHT } from '../grid/grid-scroll.ts'
import { ROW_HEIGHT } from '../grid/scroll-map.ts'
import { onHostEvent } from '../ui/host-events.ts'
import { Notice } from '../ui/notice.tsx'
import { Panel } from '../ui/panel.tsx'
import { CellMenu } from './cell-menu.tsx'
import { CopyDialog } from './clipboard/copy-dialog.tsx'
import { HeaderMenu } from './columns/header-menu.tsx'
import { LongEditor } from './editors/long-editor.tsx'
import { RowInspector } from './inspector/row-inspector.tsx'
import { QuestionDialog } from './selection/question-dialog.tsx'
import { SetDialog } from './selection/set-dialog.tsx'
import { WorkBar } from './selection/work-bar.tsx'
import { ChangesPanel } from './changes-panel.tsx'
import { EncodingDialog } from './encoding-dialog.tsx'
import { ForeignDialog } from './foreign/foreign-dialog.tsx'
import { HistoryDialog } from './history/history-dialog.tsx'
import { useProblemWatch } from './problems/problem-watch.ts'
import { ConflictDialog } from './conflict-dialog.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { useStaged } from './staged-edits.ts'
import { performCommand, performKey } from './table-actions.ts'
import { TableGrid } from './table-grid.tsx'
import type { TableModel } from './table-model.ts'
import { tableModel } from './table-models.ts'
import css from './table-screen.module.css'
import { useColumnLayout } from './column-layouts.ts'
import { clearFilter } from './filter/change-filter.ts'
import { focusGrid } from './filter/focus-grid.ts'
import { FilterBar } from './filter/filter-bar.tsx'
import { PointingDialog } from './follow/pointing-dialog.tsx'
import { TableNotes } from './notes/table-notes.tsx'
import { NothingFound } from './filter/nothing-found.tsx'
import { GoToDialog } from './jump/go-to-dialog.tsx'
import { SortDialog } from './jump/sort-dialog.tsx'
import { Waiting } from './jump/waiting.tsx'
import type { TableExtras } from './table-extras.ts'
import { StatusLine } from './status-line.tsx'
import { Toolbar } from './toolbar.tsx'
import { Message } from './message.tsx'
import { OutcomeDialog } from './outcome-dialog.tsx'
import { PartsDialog } from './parts-dialog.tsx'
import { ValueDialog } from './value-dialog.tsx'

interface TableScreenProps {
  profileId: string
  table: string
  /** What an empty table shows instead of no rows; `reload` reads it again. */
  whenEmpty?: (reload: () => void) => ReactNode
  extras?: TableExtras
}

export function TableScreen({ profileId, table, whenEmpty, extras }: TableScreenProps) {
  const [model] = useState(() => tableModel(profileId, table))
  const state = useSyncExternalStore(model.subscribe, () => model.state)
  const staged = useStaged(profileId, table)
  const [isListOpen, setListOpen] = useState(false)
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null)
  const [layout, setLayout] = useColumnLayout(profileId, table)
  const field = useRef<HTMLInputElement>(null)

  useEffect(() => {
    model.open()
    return () => model.close()
  }, [model])
  useScreenKeys(model, field)
  useProblemWatch(model)
  useEffect(() => onHostEvent('command', ({ command }) => performCommand(model, command)), [model])

  const { description, problem, notice } = state
  if (!description) {
    if (!problem) return <div className={css.screen} role="status" aria-label="Loading" />
    return (
      <Panel
        isProblem
        icon={<CircleAlert size={22} />}
        title={`${table} could not be read`}
        actions={
          <Button variant="filled" onClick={() => model.retry()}>
            Try again
          </Button>
        }
      >
        <p>{problem.message}</p>
        {problem.hint && <p>{problem.hint}</p>}
      </Panel>
    )
  }
  const asked = description.columns.find(({ name }) => name === state.encodingOf)
  const isEmpty = state.counted?.count === 0 && model.blocks.count === 0
  const newCount = model.newIds().length
  const reload = () => model.reload()

  return (
    <section className={css.screen} aria-label={table}>
      <Toolbar
        model={model}
        columns={description.columns}
        layout={layout}
        onLayout={setLayout}
        stagedCount={staged.changes.length}
        isListOpen={isListOpen}
        onList={() => setListOpen(!isListOpen)}
        field={field}
        {...(extras?.toolbar && { extra: extras.toolbar(model, description) })}
      />
      <FilterBar model={model} description={description} />
      {description.readOnly !== null && <Notice tone="note">{description.readOnly}</Notice>}
      <TableNotes address={`${profileId} ${table}`} notes={description.notes} />
      {problem && (
        <div role="alert">
          <Notice tone="bad" actions={<Button onClick={() => model.retry()}>Try again</Button>}>
            {problem.message} {problem.hint}
          </Notice>
        </div>
      )}
      <div className={css.main}>
        <div className={css.area}>
          <TableGrid
            model={model}
            description={description}
            layout={layout}
            onLayout={setLayout}
            onMenu={(x, y) => setMenu({ x, y })}
          />
          {isEmpty && (
            <div className={css.over} style={{ top: HEADER_HEIGHT + newCount * ROW_HEIGHT }}>
              {state.filter ? (
                <NothingFound
                  filter={state.filter}
                  columns={description.columns}
                  onClear={() => {
                    clearFilter(model)
                    focusGrid()
                  }}
                />
              ) : (
                (whenEmpty?.(reload) ?? <Panel title={`${table} is empty`} />)
              )}
            </div>
          )}
          <Waiting model={model} />
          <WorkBar model={model} />
          <Message model={model} notice={notice} />
        </div>
        {extras?.side?.(model, description)}
        <RowInspector model={model} description={description} />
        {isListOpen && staged.changes.length > 0 && (
          <ChangesPanel
            model={model}
            description={description}
            staged={staged}
            isSaving={state.saving !== null}
            onClose={() => setListOpen(false)}
          />
        )}
      </div>
      <StatusLine model={model} />
      <GoToDialog model={model} description={description} />
      {state.pointed && <PointingDialog model={model} pointed={state.pointed} />}
      {state.costly?.phase === 'ask' && <SortDialog model={model} costly={state.costly} />}
      <CellMenu
        model={model}
        at={menu}
        onClose={() => setMenu(null)}
        {...(extras?.menu && { extra: extras.menu(model, description) })}
      />
      {extras?.dialogs?.(model, description)}
      {state.conflicts && <ConflictDialog model={model} description={description} conflicts={state.conflicts} />}
      {state.unknown && <OutcomeDialog model={model} description={description} open={state.unknown} />}
      {state.reach && <DeleteDialog model={model} reach={state.reach} />}
      {state.history && <HistoryDialog model={model} description={description} {...state.history} />}
      <LongEditor model={model} columns={description.columns} />
      <HeaderMenu model={model} />
      <CopyDialog model={model} />
      <SetDialog model={model} />
      <QuestionDialog model={model} />
      <PartsDialog model={model} />
      <ForeignDialog model={model} description={description} />
      {asked && (
        <EncodingDialog key={asked.name} model={model} column={asked} onClose={() => model.set({ encodingOf: null })} />
      )}
      {state.opened && <ValueDialog {...state.opened} onClose={() => model.set({ opened: null })} />}
    </section>
  )
}

/** Keys that work wherever the focus is on this screen: filter, save, reload. */
function useScreenKeys(model: TableModel, field: { current: HTMLInputElement | null }): void {
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('[aria-modal=true]')) return
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'f') {
        event.preventDefault()
        field.current?.focus()
        field.current?.select()
      } else if (performKey(model, event, true)) event.preventDefault()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [model, field])
}

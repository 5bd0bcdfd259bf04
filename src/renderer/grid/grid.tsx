// A grid over any number of rows: only what is seen is drawn, and every row can be reached by the bar and by the keys.
import {
  useEffect,
  useEffectEvent,
  useId,
  useLayoutEffect,
  useRef,
  useSyncExternalStore,
  type ClipboardEvent,
  type KeyboardEvent,
  type MouseEvent,
} from 'react'
import type { Column, Sort } from '../../shared/tables.ts'
import type { EditorHost } from './cell-editor.tsx'
import { GridHeader } from './grid-header.tsx'
import { isTyping, placeAfter } from './grid-keys.ts'
import type { GridLine } from './grid-line.ts'
import { BlockFrame } from './block-frame.tsx'
import { Row, type RowEditing } from './grid-row.tsx'
import { HEADER_HEIGHT, type GridScroll } from './grid-scroll.ts'
import css from './grid.module.css'
import { useRangeDrag } from './range-drag.ts'
import { ROW_HEIGHT, rowsAt, spacerHeight } from './scroll-map.ts'
import { useGridColumns, type ColumnLayout } from './use-grid-columns.ts'

/** What the owner of the rows does for the grid. The same object for the life of a grid. */
export interface GridHost extends EditorHost {
  lineAt(index: number): GridLine
  /** The lines that are seen, from 0, the last one included. */
  want(first: number, last: number): void
  /** A cell that was hit by the pointer stays where it is: a second click must hit the same one. */
  moveTo(index: number, column: string, isByPointer?: boolean): void
  /** Draws the chosen block to a cell; `isByPointer` as of `moveTo`. */
  extendTo(index: number, column: string, isByPointer?: boolean): void
  /** The moving corner of the chosen block. */
  blockFocus(): { index: number; column: string } | null
  /** Chooses a whole column; `isMore` draws on from what is chosen. */
  chooseColumn: (column: string, isMore: boolean) => void
  /** Shows the commands of a column below its header. */
  openHeaderMenu: (column: string, x: number, y: number) => void
  selectRow(index: number, how: 'only' | 'toggle' | 'range'): void
  sortBy: (column: string) => void
  /** Opens the current cell; `typed` replaces its text. */
  startEdit(typed?: string): void
  /** Does what a key stands for beyond moving; true when it stands for something. */
  press(event: KeyboardEvent): boolean
  /** The text to copy; null for none, undefined when it comes later by another way. */
  copy(): string | null | undefined
  paste(text: string): void
  /** Shows the commands of the current cell at a place of the window. */
  openMenu(x: number, y: number): void
}

/** True for a cell of the chosen block. */
function isIn(
  block: GridProps['block'],
  index: number,
  position: number | undefined,
  positionOf: (name: string) => number | undefined,
): boolean {
  if (!block || position === undefined || index < block.first || index > block.last) return false
  return position >= (positionOf(block.from) ?? Infinity) && position <= (positionOf(block.to) ?? -1)
}

interface GridProps {
  label: string
  columns: readonly Column[]
  lineCount: number
  /** Lines above the stored rows: new ones. */
  newCount: number
  sort: Sort | null
  current: { index: number | null; column: string } | null
  selected: ReadonlyMap<string, unknown>
  /** Lines and columns of the chosen block, each the last one included. */
  block: { first: number; last: number; from: string; to: string } | null
  saving: ReadonlySet<string> | null
  /** Messages by `cellAddress`. */
  errors: ReadonlyMap<string, string>
  editing: (RowEditing & { id: string }) | null
  /** The grid scrolls to the line with every new `turn`. */
  reveal: { index: number; isCentered: boolean; takesFocus: boolean; turn: number }
  layout: ColumnLayout
  onLayout: (change: (before: ColumnLayout) => ColumnLayout) => void
  /** Keeps the place while the grid is not drawn. */
  scroll: GridScroll
  host: GridHost
  isReadOnly: boolean
}

export function Grid(props: GridProps) {
  const { columns, lineCount, newCount, current, editing, reveal, scroll, host } = props
  const gridId = useId()
  const grid = useRef<HTMLDivElement>(null)
  const viewport = useRef<HTMLDivElement>(null)
  const { offset, body, width } = useSyncExternalStore(scroll.subscribe, scroll.place)
  const sight = useGridColumns(columns, props.layout, width, props.onLayout)
  const extent = { rows: lineCount, body }
  const seen = rowsAt(offset, extent)

  const attachColumns = sight.attach
  useLayoutEffect(() => (viewport.current ? scroll.attach(viewport.current) : undefined), [scroll])
  useLayoutEffect(() => (viewport.current ? attachColumns(viewport.current) : undefined), [attachColumns])
  useLayoutEffect(() => scroll.setRows(lineCount), [scroll, lineCount])
  const isRevealing = useRef(false)
  useLayoutEffect(() => {
    isRevealing.current = scroll.isNews(reveal.turn)
    if (isRevealing.current) scroll.reveal(reveal.index, reveal.isCentered)
  }, [scroll, reveal])
  const first = seen?.first ?? 0
  const last = seen?.last ?? 0
  useEffect(() => host.want(first, last), [host, first, last, lineCount])

  const positionOf = (name: string | undefined) => sight.all.find(({ column }) => column.name === name)?.position
  const position = positionOf(current?.column)
  // Only a move of the current cell scrolls sideways: not a change of the columns.
  const revealColumn = useEffectEvent(() => {
    if (position !== undefined) sight.reveal(position)
  })
  useEffect(() => {
    if (!isRevealing.current) return
    isRevealing.current = false
    revealColumn()
    if (reveal.takesFocus && !grid.current?.contains(document.activeElement)) grid.current?.focus()
  }, [reveal])

  // When the editor goes, the keys come back to the grid, unless a person took them elsewhere.
  const wasEditing = useRef(false)
  useEffect(() => {
    if (wasEditing.current && !editing && document.activeElement === document.body) grid.current?.focus()
    wasEditing.current = editing !== null
  }, [editing])

  const isLeaving = useRef(false)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || (event.target as Element).closest('[data-editor]')) return
    if (event.key === 'Tab' && isLeaving.current) return
    isLeaving.current = event.key === 'Escape'
    const isDrawing = event.shiftKey && event.key !== 'Tab'
    const corner = isDrawing ? host.blockFocus() : null
    const from = {
      row: corner?.index ?? current?.index ?? first,
      column: (corner ? positionOf(corner.column) : position) ?? 0,
    }
    const page = Math.max(1, Math.floor(body / ROW_HEIGHT) - 1)
    const place = placeAfter(event, from, { rows: lineCount, columns: sight.all.length, page })
    if (place) {
      event.preventDefault()
      const column = sight.all[place.column]?.column.name
      if (isDrawing && column !== undefined) {
        host.extendTo(place.row, column)
        return sight.reveal(place.column)
      }
      // Where the current row stands is not known after a new sort: its first step leads to what is seen.
      const isStep = event.key.startsWith('Arrow') && !event.ctrlKey && !event.metaKey
      if (column !== undefined) host.moveTo(current?.index == null && isStep ? first : place.row, column)
      return
    }
    if (host.press(event)) event.preventDefault()
    else if (isTyping(event)) {
      event.preventDefault()
      host.startEdit(event.key)
    }
  }

  const placeAt = (x: number, y: number) => {
    const hit = document.elementFromPoint(x, y)
    const line = hit && grid.current?.contains(hit) ? hit.closest('[data-line]') : null
    if (!line) return null
    const column = hit?.closest('[data-column]')?.getAttribute('data-column') ?? null
    return { index: Number(line.getAttribute('data-line')), column }
  }
  const drag = useRangeDrag({
    viewport: () => viewport.current,
    placeAt,
    onDrag: ({ index, column }) => {
      const name = column ?? host.blockFocus()?.column ?? current?.column
      if (name !== undefined && !editing) host.extendTo(index, name, true)
    },
    onEdge: ({ rows, columns: aside }) => {
      const corner = host.blockFocus() ?? (current?.index == null ? null : { ...current, index: current.index })
      if (!corner || editing) return
      const row = Math.min(Math.max(0, corner.index + rows), lineCount - 1)
      const to = Math.min(Math.max(0, (positionOf(corner.column) ?? 0) + aside), sight.all.length - 1)
      const name = sight.all[to]?.column.name
      if (name === undefined) return
      host.extendTo(row, name)
      if (aside !== 0) sight.reveal(to)
    },
  })

  const onMouseDown = (event: MouseEvent) => {
    const target = event.target as Element
    const line = target.closest('[data-line]')
    if (!line || target.closest('[data-editor]')) return
    const index = Number(line.getAttribute('data-line'))
    const column = target.closest('[data-column]')?.getAttribute('data-column')
    // Keeps the focus on the grid itself; the browser would drop it on whatever was hit.
    event.preventDefault()
    grid.current?.focus()
    if (typeof column === 'string') {
      if (event.button === 0 && event.shiftKey) return host.extendTo(index, column, true)
      // A menu is about what is chosen, when it is opened there.
      if (event.button === 2 && isIn(props.block, index, positionOf(column), positionOf)) return
      const isChosen = event.button === 2 && current?.index === index
      if (!isChosen || current?.column !== column) host.moveTo(index, column, true)
      if (event.button === 0) drag.begin()
    } else if (event.button === 0) {
      host.selectRow(index, event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'only')
    }
  }

  const onContextMenu = (event: MouseEvent) => {
    const target = event.target as Element
    if (target.closest('[data-editor]')) return
    event.preventDefault()
    const header = target.closest('[role=columnheader]')
    if (header) {
      const column = header.getAttribute('data-header')
      return column === null ? undefined : host.openHeaderMenu(column, event.clientX, event.clientY)
    }
    const isKey = event.button !== 2
    const cell = isKey ? document.getElementById(activeId ?? '')?.getBoundingClientRect() : null
    host.openMenu(cell ? cell.left + 20 : event.clientX, cell ? cell.bottom : event.clientY)
  }

  const onCopy = (event: ClipboardEvent) => {
    if ((event.target as Element).closest('[data-editor]')) return
    event.preventDefault()
    const text = host.copy()
    if (typeof text === 'string') event.clipboardData.setData('text/plain', text)
  }
  const onPaste = (event: ClipboardEvent) => {
    if ((event.target as Element).closest('[data-editor]')) return
    event.preventDefault()
    host.paste(event.clipboardData.getData('text/plain'))
  }

  const isDrawn = current?.index != null && seen !== null && current.index >= first && current.index <= last
  const currentPlace = sight.inSight.find(({ column }) => column.name === current?.column)
  const activeId = isDrawn && currentPlace ? `${gridId}-${current.index}-${currentPlace.index}` : undefined
  const lines = seen ? Array.from({ length: last - first + 1 }, (_, step) => first + step) : []
  const layerWidth = Math.max(sight.width, width)

  return (
    <div
      ref={grid}
      role="grid"
      tabIndex={0}
      className={css.grid}
      aria-label={props.label}
      aria-rowcount={lineCount + 1}
      aria-colcount={sight.all.length + 1}
      aria-readonly={props.isReadOnly || undefined}
      aria-activedescendant={activeId}
      onKeyDown={onKeyDown}
      onMouseDown={onMouseDown}
      onDoubleClick={(event) => {
        const target = event.target as Element
        if (target.closest('[data-column][role=gridcell]') && !target.closest('[data-editor]')) host.startEdit()
      }}
      onContextMenu={onContextMenu}
      onCopy={onCopy}
      onPaste={onPaste}
    >
      <div ref={viewport} role="presentation" className={css.viewport} tabIndex={-1}>
        <div
          role="presentation"
          className={css.spacer}
          style={{ height: HEADER_HEIGHT + spacerHeight(extent), width: sight.width }}
        >
          <div role="presentation" className={css.layer} style={{ height: HEADER_HEIGHT + body, width: layerWidth }}>
            <GridHeader
              columns={sight.inSight}
              sort={props.sort}
              onSort={host.sortBy}
              onMove={sight.moveColumn}
              onChoose={host.chooseColumn}
              onMenu={host.openHeaderMenu}
            />
            <div
              role="presentation"
              className={css.rows}
              style={{ transform: `translateY(${first * ROW_HEIGHT - offset}px)` }}
            >
              {props.block && <BlockFrame block={props.block} columns={sight.all} first={first} last={last} />}
              {lines.map((index) => {
                const { id, row, change } = host.lineAt(index)
                return (
                  <Row
                    key={index}
                    gridId={gridId}
                    index={index}
                    number={index < newCount ? null : index - newCount + 1}
                    id={id}
                    row={row}
                    change={change}
                    columns={sight.inSight}
                    currentColumn={current?.index === index ? current.column : null}
                    isSelected={props.selected.has(id)}
                    isSaving={props.saving?.has(id) ?? false}
                    errors={props.errors}
                    editing={editing && editing.id === id ? editing : null}
                    isLow={(index - first) * ROW_HEIGHT > body / 2}
                    host={host}
                  />
                )
              })}
            </div>
          </div>
        </div>
      </div>
    </div>
  )
}

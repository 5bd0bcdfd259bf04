// Order, width and visibility of a grid's columns, and which of them are in sight.
import {
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  createColumnHelper,
  tableFeatures,
  useTable,
  type Header,
} from '@tanstack/react-table'
import { useLayoutEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { ColumnLayout } from '../../shared/table-settings.ts'
import type { Column } from '../../shared/tables.ts'
import { columnsInOrder, pinnedNames } from './column-order.ts'
import { ColumnWindow } from './column-window.ts'

export { plainLayout } from './column-order.ts'
export type { ColumnLayout } from '../../shared/table-settings.ts'

/** Pixels of the margin with the row numbers. */
export const MARGIN = 64

const features = tableFeatures({
  columnOrderingFeature,
  columnSizingFeature,
  columnResizingFeature,
  columnVisibilityFeature,
})
const helper = createColumnHelper<typeof features, never[]>()
const noRows: never[][] = []
const noHeaders: Header<typeof features, never[], unknown>[] = []

export interface GridColumn {
  column: Column
  /** Position in the table's own list of columns, which is that of the cells. */
  index: number
  /** Position as shown, from 0. */
  position: number
  /** Pixels from the left edge of the rows, and wide. */
  start: number
  size: number
  /** It stays at the start while others scroll. */
  isPinned: boolean
  header: Header<typeof features, never[], unknown>
}

/** A width that fits what such a column usually holds. */
function widthOf({ name, type, kind, codec, maxLength, keyPosition, isSecret }: Column): number {
  if (isSecret) return 134
  if (kind === 'boolean' || codec?.kind === 'boolean') return Math.max(84, 28 + name.length * 8)
  // Twenty digits fit, and the key of most tables has fewer.
  if (kind === 'integer' && keyPosition === 0 && /^(bigint|int8)/i.test(type)) return 170
  if (kind === 'integer') return keyPosition > 0 ? 86 : 110
  if (kind === 'real' || kind === 'decimal' || kind === 'time') return 120
  if (kind === 'date') return 110
  if (kind === 'datetime' || codec?.kind === 'moment') return hasZone(codec) ? 270 : 206
  return maxLength !== null && maxLength <= 20 ? 140 : 250
}

/** Nanoseconds and an offset need more room. */
function hasZone(codec: Column['codec']): boolean {
  return codec?.kind === 'moment' && codec.shape.zone !== 'none'
}

type Update<T> = T | ((before: T) => T)
function applied<T>(update: Update<T>, before: T): T {
  return typeof update === 'function' ? (update as (before: T) => T)(before) : update
}

/** Pixels that pinned columns leave to the others at least; pins that would take them scroll along. */
const LEFT_OVER = 160

function placesOf(
  columns: readonly Column[],
  shown: readonly Column[],
  headers: readonly GridColumn['header'][],
  pins: ReadonlySet<string>,
  width: number,
): GridColumn[] {
  const indexes = new Map(columns.map((column, index) => [column, index]))
  const byId = new Map(headers.map((header) => [header.column.id, header]))
  const all: GridColumn[] = []
  let start = MARGIN
  let isStart = true
  for (const column of shown) {
    const header = byId.get(idOf(column.name))
    const index = indexes.get(column)
    if (!header || index === undefined) continue
    const size = header.getSize()
    const isPinned: boolean = isStart && pins.has(column.name) && (width === 0 || start + size + LEFT_OVER <= width)
    isStart = isPinned
    all.push({ column, index, position: all.length, start, size, isPinned, header })
    start += size
  }
  return all
}

/** SQLite knows a column without a name, and a column of this table needs one; no name holds a NUL. */
const idOf = (name: string) => name || '\0'

/** `onLayout` is told of every change, so that it outlasts the grid. `width`: pixels in which columns are seen. */
export function useGridColumns(
  columns: readonly Column[],
  layout: ColumnLayout,
  width: number,
  onLayout: (change: (before: ColumnLayout) => ColumnLayout) => void,
) {
  const definitions = useMemo(
    () =>
      helper.columns(
        columns.map((column) =>
          helper.display({ id: idOf(column.name), size: widthOf(column), minSize: 48, maxSize: 1600, meta: {} }),
        ),
      ),
    [columns],
  )
  const table = useTable({
    features,
    columns: definitions,
    data: noRows,
    columnResizeMode: 'onChange',
    state: { columnSizing: layout.sizing, columnOrder: layout.order, columnVisibility: layout.hidden },
    onColumnSizingChange: (update) => onLayout((before) => ({ ...before, sizing: applied(update, before.sizing) })),
    onColumnOrderChange: (update) => onLayout((before) => ({ ...before, order: applied(update, before.order) })),
    onColumnVisibilityChange: (update) => onLayout((before) => ({ ...before, hidden: applied(update, before.hidden) })),
  })
  const headers = table.getHeaderGroups()[0]?.headers ?? noHeaders
  const { shown, pins } = useMemo(
    () => ({ shown: columnsInOrder(columns, layout), pins: new Set(pinnedNames(columns, layout)) }),
    [columns, layout],
  )
  const all = placesOf(columns, shown, headers, pins, width)
  const pinned = all.filter(({ isPinned }) => isPinned)
  const rest = all.slice(pinned.length)
  const margin = MARGIN + pinned.reduce((sum, { size }) => sum + size, 0)
  const sizeKey = [margin, ...rest.map(({ size }) => size)].join(' ')
  const [window] = useState(() => new ColumnWindow(MARGIN))
  const items = useSyncExternalStore(window.subscribe, window.items)
  useLayoutEffect(() => {
    const [before = MARGIN, ...sizes] = sizeKey.split(' ').map(Number)
    window.setSizes(sizes, before)
  }, [window, sizeKey])
  const inSight = [...pinned, ...items.flatMap(({ index }) => rest[index] ?? [])]
  return {
    /** Takes the scrolling element. */
    attach: window.attach,
    all,
    inSight,
    width: margin + rest.reduce((sum, { size }) => sum + size, 0),
    /** Pixels from the left edge to the end of the pinned columns. */
    margin,
    reveal: (position: number) => {
      if (position >= pinned.length) window.reveal(position - pinned.length)
    },
    moveColumn: (name: string, before: string) => {
      const order = all.map(({ column }) => column.name).filter((each) => each !== name)
      order.splice(order.indexOf(before), 0, name)
      // What is dropped among the pinned columns is pinned there, and what is dropped elsewhere is not.
      const pinned = order.filter((each) => (each === name ? pins.has(before) : pins.has(each)))
      onLayout((layout) => ({ ...layout, order, ...(pins.has(before) === pins.has(name) ? {} : { pinned }) }))
    },
  }
}

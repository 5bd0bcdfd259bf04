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
import { ColumnWindow } from './column-window.ts'

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

export type { ColumnLayout } from '../../shared/table-settings.ts'
export const plainLayout: ColumnLayout = { sizing: {}, order: [], hidden: {}, pinned: null }

export interface GridColumn {
  column: Column
  /** Position in the table's own list of columns, which is that of the cells. */
  index: number
  /** Position as shown, from 0. */
  position: number
  /** Pixels from the left edge of the rows, and wide. */
  start: number
  size: number
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

function placesOf(columns: readonly Column[], headers: readonly GridColumn['header'][]): GridColumn[] {
  const places = new Map(columns.map((column, index) => [column.name, index]))
  const all: GridColumn[] = []
  let start = MARGIN
  headers.forEach((header, position) => {
    const index = places.get(header.column.id) as number
    const size = header.getSize()
    all.push({ column: columns[index] as Column, index, position, start, size, header })
    start += size
  })
  return all
}

/** `onLayout` is told of every change, so that it outlasts the grid. */
export function useGridColumns(
  columns: readonly Column[],
  layout: ColumnLayout,
  onLayout: (change: (before: ColumnLayout) => ColumnLayout) => void,
) {
  const definitions = useMemo(
    () =>
      helper.columns(
        columns.map((column) =>
          helper.display({ id: column.name, size: widthOf(column), minSize: 48, maxSize: 1600, meta: {} }),
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
  const sizes = headers.map((header) => header.getSize())
  const sizeKey = sizes.join(' ')
  const [window] = useState(() => new ColumnWindow(MARGIN))
  const items = useSyncExternalStore(window.subscribe, window.items)
  useLayoutEffect(() => window.setSizes(sizeKey === '' ? [] : sizeKey.split(' ').map(Number)), [window, sizeKey])
  const all = placesOf(columns, headers)
  const inSight = items.flatMap(({ index }) => all[index] ?? [])
  return {
    /** Takes the scrolling element. */
    attach: window.attach,
    all,
    inSight,
    width: MARGIN + sizes.reduce((sum, size) => sum + size, 0),
    reveal: (position: number) => window.reveal(position),
    moveColumn: (name: string, before: string) => {
      const order = all.map(({ column }) => column.name).filter((each) => each !== name)
      order.splice(order.indexOf(before), 0, name)
      table.setColumnOrder(order)
    },
  }
}

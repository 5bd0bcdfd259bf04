// Widths, order and visibility of columns by table: kept while the page lives, so that a table looks as it was left.
import { useState } from 'react'
import { plainLayout, type ColumnLayout } from '../grid/use-grid-columns.ts'

const layouts = new Map<string, ColumnLayout>()

export function readLayout(profileId: string, table: string): ColumnLayout {
  return layouts.get(JSON.stringify([profileId, table])) ?? plainLayout
}

export function useColumnLayout(profileId: string, table: string) {
  const address = JSON.stringify([profileId, table])
  const [layout, setLayout] = useState(() => layouts.get(address) ?? plainLayout)
  const change = (edit: (before: ColumnLayout) => ColumnLayout) =>
    setLayout((before) => {
      const after = edit(before)
      layouts.set(address, after)
      return after
    })
  return [layout, change] as const
}

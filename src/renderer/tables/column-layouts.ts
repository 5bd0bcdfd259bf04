// Widths, order and visibility of columns by table: kept by the host, so that a table looks as it was left.
import { useCallback, useSyncExternalStore } from 'react'
import { plainLayout, type ColumnLayout } from '../grid/use-grid-columns.ts'
import { keepLayout, onSettings, settingsOf } from './kept-settings.ts'

export function readLayout(profileId: string, table: string): ColumnLayout {
  return settingsOf(profileId, table).layout ?? plainLayout
}

export function useColumnLayout(profileId: string, table: string) {
  const subscribe = useCallback((listener: () => void) => onSettings(profileId, table, listener), [profileId, table])
  const layout = useSyncExternalStore(subscribe, () => readLayout(profileId, table))
  const change = useCallback(
    (edit: (before: ColumnLayout) => ColumnLayout) => keepLayout(profileId, table, edit(readLayout(profileId, table))),
    [profileId, table],
  )
  return [layout, change] as const
}

// What an empty view shows when it is a filter that leaves no row.
import { Button } from '@mantine/core'
import type { Filter } from '../../../shared/filters.ts'
import { Panel } from '../../ui/panel.tsx'
import { barOf, quickOf } from './quick.ts'

interface NothingFoundProps {
  filter: Filter
  onClear: () => void
}

export function NothingFound({ filter, onClear }: NothingFoundProps) {
  const quick = quickOf(filter)
  const isQuick = quick !== null && barOf(filter) === null
  const title = isQuick ? `No row’s ${quick.column ?? 'text'} contains “${quick.text}”.` : 'No row matches the filter.'
  return (
    <Panel title={title} actions={<Button onClick={onClear}>{isQuick ? 'Clear search' : 'Clear filter'}</Button>} />
  )
}

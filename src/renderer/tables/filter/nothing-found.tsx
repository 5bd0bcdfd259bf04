// What an empty view shows when it is a filter that leaves no row.
import { Button } from '@mantine/core'
import type { Filter } from '../../../shared/filters.ts'
import type { Column } from '../../../shared/tables.ts'
import { Panel } from '../../ui/panel.tsx'
import { plain } from './filter-tree.ts'
import { filterInWords } from './filter-words.ts'
import { barOf, quickOf } from './quick.ts'

interface NothingFoundProps {
  filter: Filter
  columns: readonly Column[]
  onClear: () => void
}

export function NothingFound({ filter, columns, onClear }: NothingFoundProps) {
  const quick = quickOf(filter)
  if (quick && barOf(filter) === null) {
    return (
      <Panel
        title={`No row’s ${quick.column ?? 'text'} contains “${quick.text}”.`}
        actions={<Button onClick={onClear}>Clear search</Button>}
      />
    )
  }
  return (
    <Panel title="No row matches the filter." actions={<Button onClick={onClear}>Clear filter</Button>}>
      <p>{filterInWords(plain(filter) ?? filter, columns)}</p>
    </Panel>
  )
}

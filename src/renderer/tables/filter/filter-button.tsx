// The buttons of the toolbar that narrow the view: a new condition, and the filters that were given a name.
import { ActionIcon, Button, Menu } from '@mantine/core'
import { Bookmark, Funnel } from 'lucide-react'
import { useCallback, useState, useSyncExternalStore } from 'react'
import type { SavedFilter } from '../../../shared/table-settings.ts'
import type { TableDescription } from '../../../shared/tables.ts'
import { onSettings, settingsOf } from '../kept-settings.ts'
import type { TableModel } from '../table-model.ts'
import { editCondition } from './change-filter.ts'
import { ConditionEditor } from './condition-editor.tsx'
import { SavedFilters } from './saved-filters.tsx'

interface FilterButtonProps {
  model: TableModel
  description: TableDescription
}

export function FilterButton({ model, description }: FilterButtonProps) {
  return (
    <>
      <ConditionEditor model={model} description={description} path={null} condition={null}>
        <Button
          leftSection={<Funnel size={14} />}
          title="Filter by a column (Ctrl+Shift+F)"
          onClick={() => editCondition(model, { path: null })}
        >
          Filter
        </Button>
      </ConditionEditor>
      <SavedMenu model={model} description={description} />
    </>
  )
}

export function useSavedFilters({ profileId, table }: TableModel): readonly SavedFilter[] {
  const subscribe = useCallback((listener: () => void) => onSettings(profileId, table, listener), [profileId, table])
  return useSyncExternalStore(subscribe, () => settingsOf(profileId, table).filters)
}

function SavedMenu({ model, description }: FilterButtonProps) {
  const saved = useSavedFilters(model)
  const [isManaging, setManaging] = useState(false)
  return (
    <>
      <Menu position="bottom-start" returnFocus>
        <Menu.Target>
          <ActionIcon size={28} aria-label="Saved filters" title="Saved filters">
            <Bookmark size={14} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
          {saved.length > 0 && <Menu.Label>Apply</Menu.Label>}
          {saved.map(({ name, filter }) => (
            <Menu.Item key={name} onClick={() => model.changeView({ filter })}>
              {name}
            </Menu.Item>
          ))}
          {saved.length > 0 && <Menu.Divider />}
          <Menu.Item onClick={() => setManaging(true)}>
            {model.state.filter ? 'Save this filter, or change saved ones…' : 'Change saved filters…'}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isManaging && (
        <SavedFilters model={model} description={description} saved={saved} onClose={() => setManaging(false)} />
      )}
    </>
  )
}

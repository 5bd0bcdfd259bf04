// The menu "Users" in the toolbar, and the same commands behind one item of a cell's menu.
import { Button, Menu } from '@mantine/core'
import { ChevronDown, ChevronRight, UserRoundCog } from 'lucide-react'
import { useEffect } from 'react'
import type { TableDescription } from '../../../shared/tables.ts'
import { chosenCells } from '../../tables/selection/chosen.ts'
import { useSlot } from '../../tables/selection/slot.ts'
import type { TableModel } from '../../tables/table-model.ts'
import { plural } from '../../ui/wording.ts'
import { usersMenus } from './open-verbs.ts'
import { VerbItems } from './verb-items.tsx'
import css from './verbs.module.css'

interface UsersMenuProps {
  model: TableModel
  description: TableDescription
}

export function UsersMenu({ model, description }: UsersMenuProps) {
  return description.owner?.user ? <Opened model={model} description={description} /> : null
}

function Opened({ model, description }: UsersMenuProps) {
  const isOpen = useSlot(usersMenus, model) === 'toolbar'
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey
      const isPressed = isCommand && event.key.toLowerCase() === 'u'
      if (!isPressed || event.defaultPrevented || document.querySelector('[aria-modal=true]')) return
      // A browser would show the page's source.
      event.preventDefault()
      usersMenus.set(model, usersMenus.get(model) ? null : 'toolbar')
    }
    window.addEventListener('keydown', onKeyDown)
    return () => {
      window.removeEventListener('keydown', onKeyDown)
      usersMenus.set(model, null)
    }
  }, [model])
  return (
    <Menu
      opened={isOpen}
      position="bottom-start"
      shadow="sm"
      trapFocus
      returnFocus
      onChange={(isNow) => usersMenus.set(model, isNow ? 'toolbar' : null)}
    >
      <Menu.Target>
        <Button className={css.menu} aria-label="Users" title="What can be done to the chosen users (Ctrl+U)">
          <UserRoundCog size={14} />
          <span className={css.menuName}>Users</span>
          <ChevronDown size={13} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {isOpen && (
          <>
            <Menu.Label>{chosenInWords(model)} (Ctrl+U)</Menu.Label>
            <VerbItems model={model} description={description} />
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

function chosenInWords(model: TableModel): string {
  const rows = chosenCells(model)?.rowCount ?? 0
  return rows === 0 ? 'No user is chosen' : rows === 1 ? 'The current user' : `${plural(rows, 'user')} chosen`
}

/** One item in the menu of a cell, which is long already: the others come where it was chosen. */
export function UsersCellMenu({ model, description }: UsersMenuProps) {
  if (!description.owner?.user) return null
  return (
    <>
      <Menu.Divider />
      <Menu.Item
        rightSection={<ChevronRight size={14} />}
        onClick={({ currentTarget }) => {
          const { left, top } = currentTarget.getBoundingClientRect()
          usersMenus.set(model, { x: left, y: top })
        }}
      >
        Users
      </Menu.Item>
    </>
  )
}

/** The menu at the place of that item. */
export function UsersMenuThere({ model, description }: UsersMenuProps) {
  const place = useSlot(usersMenus, model)
  if (place === null || place === 'toolbar') return null
  return (
    <Menu
      opened
      position="right-start"
      shadow="sm"
      trapFocus
      returnFocus
      onChange={(isNow) => {
        if (!isNow) usersMenus.set(model, null)
      }}
    >
      <Menu.Target>
        <span style={{ position: 'fixed', left: place.x, top: place.y }} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{chosenInWords(model)}</Menu.Label>
        <VerbItems model={model} description={description} />
      </Menu.Dropdown>
    </Menu>
  )
}

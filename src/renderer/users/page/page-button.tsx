// Opens the page of the current user: a button in the toolbar, an item in a cell's menu, and a key.
import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import { IdCard } from 'lucide-react'
import { useEffect } from 'react'
import type { TableDescription } from '../../../shared/tables.ts'
import type { TableModel } from '../../tables/table-model.ts'
import { openUserPage, pageRefusal, userPages } from './open-page.ts'

interface PageButtonProps {
  model: TableModel
  description: TableDescription
}

export function PageButton({ model, description }: PageButtonProps) {
  return description.owner?.user ? <Shown model={model} /> : null
}

function Shown({ model }: Pick<PageButtonProps, 'model'>) {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'F9' || event.defaultPrevented || document.querySelector('[aria-modal=true]')) return
      event.preventDefault()
      openUserPage(model)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => {
      window.removeEventListener('keydown', onKeyDown)
      // Whoever comes back to the table finds its rows.
      userPages.set(model, null)
    }
  }, [model])
  return (
    <Tooltip label="The page of the current user (F9)">
      <ActionIcon size={28} aria-label="User page" onClick={() => openUserPage(model)}>
        <IdCard size={14} />
      </ActionIcon>
    </Tooltip>
  )
}

export function PageItem({ model, description }: PageButtonProps) {
  if (!description.owner?.user) return null
  return (
    <Menu.Item disabled={pageRefusal(model) !== null} rightSection="F9" onClick={() => openUserPage(model)}>
      User page
    </Menu.Item>
  )
}

// "New profile": every way to one.
import { Button, Menu } from '@mantine/core'
import { Database, FolderInput, FolderOpen, Plus } from 'lucide-react'

export interface NewProfileActions {
  onOpenFile: () => void
  onNewServer: () => void
  /** From a connection string, a `.env` file or the environment. */
  onImport: () => void
}

export function NewProfileMenu({ onOpenFile, onNewServer, onImport }: NewProfileActions) {
  return (
    <Menu position="top-start" withinPortal width={260}>
      <Menu.Target>
        <Button fullWidth leftSection={<Plus size={15} />}>
          New profile
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Database size={14} />} onClick={onNewServer}>
          PostgreSQL, MySQL or MariaDB…
        </Menu.Item>
        <Menu.Item leftSection={<FolderOpen size={14} />} onClick={onOpenFile}>
          SQLite file…
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<FolderInput size={14} />} onClick={onImport}>
          Import settings…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

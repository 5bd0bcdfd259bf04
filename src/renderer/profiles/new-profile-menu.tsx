// "New profile": every way to one.
import { Button, Menu } from '@mantine/core'
import { Database, FileText, FolderOpen, Plus, SquareTerminal } from 'lucide-react'

export interface NewProfileActions {
  onOpenFile: () => void
  onNewServer: () => void
  onReadEnvironment: () => void
  onReadFile: () => void
}

export function NewProfileMenu({ onOpenFile, onNewServer, onReadEnvironment, onReadFile }: NewProfileActions) {
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
        <Menu.Item leftSection={<FileText size={14} />} onClick={onReadFile}>
          From a .env file…
        </Menu.Item>
        <Menu.Item leftSection={<SquareTerminal size={14} />} onClick={onReadEnvironment}>
          From the environment…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

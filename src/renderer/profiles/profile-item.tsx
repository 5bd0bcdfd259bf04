// One profile in the sidebar: opened by a click, renamed in place, removed through its menu.
import { ActionIcon, Menu } from '@mantine/core'
import { Ellipsis, PencilLine, Trash2 } from 'lucide-react'
import { useRef, useState, type KeyboardEvent } from 'react'
import { addressOf, type Profile } from '../../shared/profiles.ts'
import { RenameField } from './rename-field.tsx'
import css from './profile-item.module.css'

interface ProfileItemProps {
  profile: Profile
  colour: string
  isOpen: boolean
  onOpen: () => void
  onRemove: () => void
}

const dialectNames = { sqlite: 'SQLite', postgres: 'PostgreSQL', mysql: 'MySQL' }

export function ProfileItem({ profile, colour, isOpen, onOpen, onRemove }: ProfileItemProps) {
  const [isRenaming, setRenaming] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'F2') setRenaming(true)
    if (event.key === 'Delete') onRemove()
  }
  const endRename = () => {
    setRenaming(false)
    // The field is gone after the next render; the focus goes back to where it came from.
    setTimeout(() => button.current?.focus())
  }

  if (isRenaming) return <RenameField profile={profile} onEnd={endRename} />
  return (
    <div className={css.item} data-open={isOpen || undefined}>
      <button
        ref={button}
        type="button"
        className={css.button}
        data-nav
        aria-expanded={isOpen}
        title={addressOf(profile)}
        onClick={onOpen}
        onDoubleClick={() => setRenaming(true)}
        onKeyDown={onKeyDown}
      >
        <span className={css.dot} style={{ background: colour }} aria-hidden />
        <span className={css.name}>{profile.name}</span>
        <span className={css.dialect} aria-hidden>
          {dialectNames[profile.dialect]}
        </span>
      </button>
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <ActionIcon className={css.menu} size={22} aria-label={`Actions for ${profile.name}`}>
            <Ellipsis size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<PencilLine size={14} />} onClick={() => setRenaming(true)}>
            Rename
          </Menu.Item>
          <Menu.Item leftSection={<Trash2 size={14} />} color="red" onClick={onRemove}>
            Remove from the list
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}

// One profile in the sidebar: opened by a click, moved by dragging or by Alt and an arrow, everything else through its menu.
import { ActionIcon, Menu } from '@mantine/core'
import { ArrowDown, ArrowUp, ClipboardCopy, Copy, Ellipsis, PencilLine, Settings2, Trash2, Unplug } from 'lucide-react'
import { useRef, useState, type KeyboardEvent } from 'react'
import { addressOf, type Profile } from '../../shared/profiles.ts'
import { stateWords, useConnection } from '../ui/connection-states.ts'
import { EnvironmentMark } from '../ui/environment-mark.tsx'
import { dialectNames, environmentNames } from '../ui/environment-words.ts'
import { RenameField } from './rename-field.tsx'
import css from './profile-item.module.css'

interface ProfileItemProps {
  profile: Profile
  colour: string
  isOpen: boolean
  /** Where it stands in the whole list; null while only a part is shown. */
  place: { at: number; of: number } | null
  onOpen: () => void
  onEdit: () => void
  onDuplicate: () => void
  onCopyAs: () => void
  onClose: () => void
  onRemove: () => void
  /** -1: up, 1: down. */
  onMove: (step: number) => void
}

export function ProfileItem({ profile, colour, isOpen, place, ...on }: ProfileItemProps) {
  const [isRenaming, setRenaming] = useState(false)
  const state = useConnection(profile.id)
  const hasServer = profile.dialect !== 'sqlite'
  // Of a file it is said where it fails, on its screen.
  const stateWord = hasServer && state && state.state !== 'closed' ? stateWords(state) : null
  const button = useRef<HTMLButtonElement>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'F2') setRenaming(true)
    if (event.key === 'F4') on.onEdit()
    if (event.key === 'Delete') on.onRemove()
    // A text that is selected is copied as always.
    if (isCopy(event) && window.getSelection()?.isCollapsed !== false) {
      event.preventDefault()
      on.onCopyAs()
    }
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0
    if (!event.altKey || step === 0) return
    event.preventDefault()
    if (place) on.onMove(step)
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
        aria-label={profile.name}
        aria-description={describe(profile, stateWord)}
        aria-keyshortcuts="F2 F4 Delete Control+C Alt+ArrowUp Alt+ArrowDown"
        title={addressOf(profile)}
        onClick={on.onOpen}
        onDoubleClick={() => setRenaming(true)}
        onKeyDown={onKeyDown}
      >
        <span className={css.dot} style={{ background: colour }} aria-hidden />
        <span className={css.texts}>
          <span className={css.name}>{profile.name}</span>
          <span className={css.place} aria-hidden>
            {stateWord && (
              <span className={css.state} data-state={state?.state}>
                {stateWord} ·{' '}
              </span>
            )}
            {dialectNames[profile.dialect]} · {where(profile)}
          </span>
        </span>
        <span className={css.mark} aria-hidden>
          <EnvironmentMark environment={profile.environment} isSmall />
        </span>
      </button>
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <ActionIcon className={css.menu} size={22} aria-label={`Actions for ${profile.name}`}>
            <Ellipsis size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Settings2 size={14} />} rightSection={<Key>F4</Key>} onClick={on.onEdit}>
            Edit
          </Menu.Item>
          <Menu.Item
            leftSection={<PencilLine size={14} />}
            rightSection={<Key>F2</Key>}
            onClick={() => setRenaming(true)}
          >
            Rename
          </Menu.Item>
          <Menu.Item leftSection={<Copy size={14} />} onClick={on.onDuplicate}>
            Duplicate
          </Menu.Item>
          <Menu.Item
            leftSection={<ClipboardCopy size={14} />}
            rightSection={<Key>{COPY_KEY}</Key>}
            onClick={on.onCopyAs}
          >
            Copy as…
          </Menu.Item>
          {stateWord && (
            <Menu.Item leftSection={<Unplug size={14} />} onClick={on.onClose}>
              Close the connection
            </Menu.Item>
          )}
          {place && place.of > 1 && (
            <>
              <Menu.Item
                leftSection={<ArrowUp size={14} />}
                rightSection={<Key>Alt ↑</Key>}
                disabled={place.at === 0}
                onClick={() => on.onMove(-1)}
              >
                Move up
              </Menu.Item>
              <Menu.Item
                leftSection={<ArrowDown size={14} />}
                rightSection={<Key>Alt ↓</Key>}
                disabled={place.at === place.of - 1}
                onClick={() => on.onMove(1)}
              >
                Move down
              </Menu.Item>
            </>
          )}
          <Menu.Divider />
          <Menu.Item leftSection={<Trash2 size={14} />} color="red" onClick={on.onRemove}>
            Remove from the list
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}

/** As the menu shows it. */
const COPY_KEY = 'Ctrl C'
const isCopy = ({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent) =>
  key.toLowerCase() === 'c' && (ctrlKey || metaKey) && !shiftKey && !altKey

function Key({ children }: { children: string }) {
  return (
    <span className={css.key} aria-hidden>
      {children}
    </span>
  )
}

/** The name of the file or of the server. */
function where(profile: Profile): string {
  return profile.dialect === 'sqlite' ? profile.file.replace(/^.*[\\/]/, '') : profile.host
}

function describe(profile: Profile, stateWord: string | null): string {
  const { dialect, environment, isReadOnly } = profile
  return [
    ...(stateWord ? [stateWord] : []),
    dialectNames[dialect],
    ...(environment === 'none' ? [] : [environmentNames[environment]]),
    ...(isReadOnly ? ['read-only'] : []),
    addressOf(profile),
  ].join(', ')
}

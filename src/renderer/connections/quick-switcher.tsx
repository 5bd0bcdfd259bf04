// Ctrl+K: another profile by a few letters, the arrow keys and Enter; shows dialect, environment and state of each.
import { Modal, TextInput } from '@mantine/core'
import { useId, useState, type KeyboardEvent } from 'react'
import { addressOf, type Profile } from '../../shared/profiles.ts'
import { stateWords, useConnections } from '../ui/connection-states.ts'
import { EnvironmentMark } from '../ui/environment-mark.tsx'
import { dialectNames } from '../ui/environment-words.ts'
import { useReturnFocus } from '../ui/use-return-focus.ts'
import { matchProfiles } from './match-profiles.ts'
import css from './quick-switcher.module.css'

interface QuickSwitcherProps {
  profiles: readonly Profile[]
  openId: string | undefined
  onOpen: (profileId: string) => void
  onClose: () => void
}

export function QuickSwitcher({ profiles, openId, onOpen, onClose }: QuickSwitcherProps) {
  useReturnFocus()
  const listId = useId()
  const states = useConnections()
  const [typed, setTyped] = useState('')
  const found = matchProfiles(profiles, typed)
  // Whoever calls it wants another one: the first that is not open is chosen ahead.
  const [active, setActive] = useState(() =>
    Math.max(
      0,
      found.findIndex(({ id }) => id !== openId),
    ),
  )

  const choose = (profile: Profile | undefined) => {
    if (!profile) return
    onClose()
    onOpen(profile.id)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && found.length > 0) {
      event.preventDefault()
      setActive((active + step + found.length) % found.length)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      choose(found[active])
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      yOffset="12vh"
      centered={false}
      size={560}
      padding={0}
      aria-label="Switch to another database"
    >
      <TextInput
        data-autofocus
        className={css.field ?? ''}
        role="combobox"
        aria-label="Switch to"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={found[active] ? `${listId}-${active}` : undefined}
        placeholder="Switch to a database"
        value={typed}
        spellCheck={false}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value)
          setActive(0)
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={listId} role="listbox" aria-label="Databases" className={css.list}>
        {found.map((profile, index) => (
          <li
            key={profile.id}
            id={`${listId}-${index}`}
            ref={index === active ? intoSight : undefined}
            role="option"
            aria-selected={index === active}
            className={css.item}
            onPointerMove={() => setActive(index)}
            onClick={() => choose(profile)}
          >
            <span className={css.name}>{profile.name}</span>
            <span className={css.address}>{addressOf(profile)}</span>
            <span className={css.facts}>
              {dialectNames[profile.dialect]}
              <EnvironmentMark environment={profile.environment} />
              <span className={css.state} data-state={states.get(profile.id)?.state ?? 'closed'}>
                {stateWords(states.get(profile.id))}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className={css.none}>No profile matches “{typed}”.</p>}
    </Modal>
  )
}

function intoSight(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}

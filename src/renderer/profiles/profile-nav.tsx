// The list of profiles in the sidebar; the open one shows its sections below it.
import { Button, Skeleton } from '@mantine/core'
import { FolderOpen } from 'lucide-react'
import type { KeyboardEvent, ReactNode } from 'react'
import type { Profile } from '../../shared/profiles.ts'
import { wordsOf } from '../ui/call-error.ts'
import { profileColours } from './profile-colour.ts'
import { ProfileItem } from './profile-item.tsx'
import { useProfiles } from './profiles-queries.ts'
import css from './profile-nav.module.css'

interface ProfileNavProps {
  openId: string | undefined
  onOpen: (profileId: string) => void
  onRemove: (profile: Profile) => void
  onOpenFile: () => void
  isOpeningFile: boolean
  /** The sections of the open profile. */
  children: ReactNode
}

export function ProfileNav({ openId, onOpen, onRemove, onOpenFile, isOpeningFile, children }: ProfileNavProps) {
  const { data, isPending, error } = useProfiles()
  const colours = profileColours(data?.profiles.map(({ id }) => id) ?? [])
  return (
    <nav className={css.nav} aria-label="Databases">
      <div className={css.heading}>Databases</div>
      <div className={css.scroll} onKeyDown={moveByArrows}>
        {isPending && !error && <Skeleton height={24} mx={8} my={4} />}
        {error && <p className={css.problem}>{wordsOf(error).message}</p>}
        <ul className={css.list}>
          {data?.profiles.map((profile) => (
            <li key={profile.id}>
              <ProfileItem
                profile={profile}
                colour={colours.get(profile.id) ?? ''}
                isOpen={profile.id === openId}
                onOpen={() => onOpen(profile.id)}
                onRemove={() => onRemove(profile)}
              />
              {profile.id === openId && children}
            </li>
          ))}
        </ul>
      </div>
      <div className={css.foot}>
        <Button fullWidth leftSection={<FolderOpen size={15} />} onClick={onOpenFile} loading={isOpeningFile}>
          Open a SQLite file
        </Button>
      </div>
    </nav>
  )
}

/** Up and Down walk through everything in the list marked `data-nav`: profiles and sections. */
function moveByArrows(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-nav]')]
  const at = items.findIndex((item) => item === document.activeElement)
  if (at < 0) return
  event.preventDefault()
  items[at + step]?.focus()
}

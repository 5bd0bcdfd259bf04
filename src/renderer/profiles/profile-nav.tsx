// The list of profiles in the sidebar: searched, put in order; the open one shows its sections below it.
import { Button, Skeleton, TextInput, VisuallyHidden } from '@mantine/core'
import { FolderOpen, Search } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import type { Profile } from '../../shared/profiles.ts'
import { wordsOf } from '../ui/call-error.ts'
import { NewProfileMenu, type NewProfileActions } from './new-profile-menu.tsx'
import { profileColours } from './profile-colour.ts'
import { ProfileItem } from './profile-item.tsx'
import { foundProfiles, movedIds } from './profile-search.ts'
import { useProfiles, useReorder } from './profiles-queries.ts'
import css from './profile-nav.module.css'

interface ProfileNavProps extends NewProfileActions {
  openId: string | undefined
  onOpen: (profileId: string) => void
  onEdit: (profile: Profile) => void
  onDuplicate: (profile: Profile) => void
  /** Offers the address in the forms of other software. */
  onCopyAs: (profile: Profile) => void
  /** Closes the connection to its server. */
  onClose: (profile: Profile) => void
  onRemove: (profile: Profile) => void
  isOpeningFile: boolean
  /** The sections of the open profile. */
  children: ReactNode
}

export function ProfileNav({
  openId,
  onOpen,
  onEdit,
  onDuplicate,
  onCopyAs,
  onClose,
  onRemove,
  isOpeningFile,
  children,
  ...actions
}: ProfileNavProps) {
  const { data, isPending, error } = useProfiles()
  const [typed, setTyped] = useState('')
  const [dragged, setDragged] = useState<string | null>(null)
  const [over, setOver] = useState<string | null>(null)
  const { move, said } = useMoving(data?.profiles ?? [])
  const all = data?.profiles ?? []
  const colours = profileColours(all)
  const shown = foundProfiles(all, typed)
  const isWhole = shown.length === all.length
  const placeOf = (id: string) => all.findIndex((profile) => profile.id === id)

  return (
    <nav className={css.nav} aria-label="Databases">
      <div className={css.heading}>Databases</div>
      {all.length > 1 && (
        <TextInput
          className={css.search ?? ''}
          aria-label="Search databases"
          placeholder="Search"
          leftSection={<Search size={13} aria-hidden />}
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setTyped('')
            if (event.key === 'Enter' && shown[0]) onOpen(shown[0].id)
            if (event.key !== 'ArrowDown') return
            event.preventDefault()
            event.currentTarget.closest('nav')?.querySelector<HTMLElement>('[data-nav]')?.focus()
          }}
        />
      )}
      <div className={css.scroll} onKeyDown={moveByArrows}>
        {isPending && !error && <Skeleton height={24} mx={8} my={4} />}
        {error && <p className={css.problem}>{wordsOf(error).message}</p>}
        {typed !== '' && shown.length === 0 && <p className={css.nothing}>No database fits “{typed}”.</p>}
        <ul className={css.list}>
          {shown.map((profile) => (
            <li
              key={profile.id}
              draggable={isWhole && all.length > 1}
              data-over={
                over === profile.id && dragged !== null ? side(placeOf(dragged), placeOf(profile.id)) : undefined
              }
              onDragStart={(event) => {
                // Only by its own row: the sections below it are no handle.
                if (!(event.target instanceof HTMLElement) || event.target !== event.currentTarget) return
                event.dataTransfer.effectAllowed = 'move'
                event.dataTransfer.setData('text/plain', profile.name)
                setDragged(profile.id)
              }}
              onDragOver={(event) => {
                if (dragged === null) return
                event.preventDefault()
                setOver(profile.id)
              }}
              onDrop={(event) => {
                event.preventDefault()
                if (dragged !== null) move(dragged, placeOf(profile.id))
              }}
              onDragEnd={() => {
                setDragged(null)
                setOver(null)
              }}
            >
              <ProfileItem
                profile={profile}
                colour={colours.get(profile.id) ?? ''}
                isOpen={profile.id === openId}
                place={isWhole ? { at: placeOf(profile.id), of: all.length } : null}
                onOpen={() => onOpen(profile.id)}
                onEdit={() => onEdit(profile)}
                onDuplicate={() => onDuplicate(profile)}
                onCopyAs={() => onCopyAs(profile)}
                onClose={() => onClose(profile)}
                onRemove={() => onRemove(profile)}
                onMove={(step) => move(profile.id, placeOf(profile.id) + step)}
              />
              {profile.id === openId && children}
            </li>
          ))}
        </ul>
      </div>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
      <div className={css.foot}>
        <NewProfileMenu {...actions} />
        <Button fullWidth leftSection={<FolderOpen size={15} />} onClick={actions.onOpenFile} loading={isOpeningFile}>
          Open a SQLite file
        </Button>
      </div>
    </nav>
  )
}

/** Moving a profile to another place, told to screen readers; the focus stays with what was moved. */
function useMoving(profiles: readonly Profile[]) {
  const reorder = useReorder()
  const [said, setSaid] = useState('')
  const moved = useRef<Element | null>(null)
  // The list draws the element anew at its new place, and it loses the focus on the way.
  useEffect(() => {
    if (moved.current instanceof HTMLElement && moved.current.isConnected) moved.current.focus()
    moved.current = null
  }, [profiles])
  const move = (id: string, to: number) => {
    const ids = profiles.map((profile) => profile.id)
    const from = ids.indexOf(id)
    if (from < 0 || to < 0 || to >= ids.length || from === to) return
    const focused = document.activeElement
    moved.current = focused?.closest('[data-nav]') ?? null
    setSaid(`${profiles[from]?.name} is at place ${to + 1} of ${ids.length}.`)
    reorder.mutate(movedIds(ids, from, to), {
      onError: (error) => setSaid(wordsOf(error).message),
    })
  }
  return { move, said }
}

/** On which side of the row the dragged one would come. */
function side(from: number, to: number): 'above' | 'below' | undefined {
  return from === to ? undefined : from < to ? 'below' : 'above'
}

/** Up and Down walk through everything in the list marked `data-nav`: profiles and sections. */
function moveByArrows(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0 || event.altKey) return
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-nav]')]
  const at = items.findIndex((item) => item === document.activeElement)
  if (at < 0) return
  event.preventDefault()
  items[at + step]?.focus()
}

// Where a person is: which profile is open, and which section of each. A reload returns to the same place.
import { useCallback, useState } from 'react'
import { USERS_TABLE } from './users-table.ts'

/** What of a table is shown beside its rows. */
const TABS = ['structure', 'compare'] as const
export type TableTab = (typeof TABS)[number]

export type Section =
  /** `tab`: what of the table is shown; its rows unless told. */
  { kind: 'table'; table: string; tab?: TableTab } | { kind: 'migrations' }

export interface Place {
  /** Null until a profile was chosen: the first one is open. */
  profileId: string | null
  sections: Readonly<Record<string, Section>>
}

const KEPT_AS = 'roster-place'
const nowhere: Place = { profileId: null, sections: {} }

/** What was kept, or nothing when it cannot be read. */
export function parsePlace(text: string | null): Place {
  if (text === null) return nowhere
  try {
    const kept = JSON.parse(text) as Partial<Place> | null
    if (typeof kept !== 'object' || kept === null) return nowhere
    const sections = Object.entries(kept.sections ?? {}).filter(([, section]) => isSection(section))
    return {
      profileId: typeof kept.profileId === 'string' ? kept.profileId : null,
      sections: Object.fromEntries(sections),
    }
  } catch {
    return nowhere
  }
}

function isSection(value: unknown): value is Section {
  if (typeof value !== 'object' || value === null) return false
  const { kind, table, tab } = value as Record<string, unknown>
  const isTab = tab === undefined || TABS.some((each) => each === tab)
  return kind === 'migrations' || (kind === 'table' && typeof table === 'string' && isTab)
}

/**
 * The section to show: the one chosen last while its table is there, else the users table, else none. `tables` is
 * undefined while they are unknown: then nothing is decided about a chosen table.
 */
export function sectionOf(
  chosen: Section | undefined,
  tables: readonly { name: string; kind: 'table' | 'view' }[] | undefined,
): Section | null {
  if (chosen?.kind === 'migrations') return chosen
  if (!tables) return null
  if (chosen && tables.some(({ name }) => name === chosen.table)) return chosen
  const hasUsers = tables.some(({ name, kind }) => name === USERS_TABLE && kind === 'table')
  return hasUsers ? { kind: 'table', table: USERS_TABLE } : null
}

export function usePlace() {
  const [place, setPlace] = useState(() => parsePlace(sessionStorage.getItem(KEPT_AS)))
  const change = useCallback((edit: (place: Place) => Place) => {
    setPlace((before) => {
      const after = edit(before)
      sessionStorage.setItem(KEPT_AS, JSON.stringify(after))
      return after
    })
  }, [])
  const openSection = useCallback(
    (profileId: string, section: Section) =>
      change((before) => ({ profileId, sections: { ...before.sections, [profileId]: section } })),
    [change],
  )
  return {
    place,
    openProfile: (profileId: string) => change((before) => ({ ...before, profileId })),
    openSection,
    forgetProfile: (profileId: string) =>
      change((before) => ({
        profileId: before.profileId === profileId ? null : before.profileId,
        sections: Object.fromEntries(Object.entries(before.sections).filter(([id]) => id !== profileId)),
      })),
  }
}

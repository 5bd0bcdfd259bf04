// Back and forward in the open database, by buttons and by keys (Alt+Left, Alt+Right; on a Mac also Cmd+[ and Cmd+]).
import { useCallback, useEffect, useReducer, useRef } from 'react'
import type { Section } from './place.ts'
import { Visits } from './visits.ts'

/** What is kept of a place, and how it is shown again; the screens know. */
export interface Marks<Mark> {
  take: (profileId: string, section: Section) => Mark | null
  restore: (profileId: string, section: Section, mark: Mark) => void
}

export interface Travels {
  canGoBack: boolean
  canGoForward: boolean
  goBack: () => void
  goForward: () => void
  /** Opens a section as a visit of its own, also when it is the one that is open. `then` is called once it is drawn. */
  go: (section: Section, then?: () => void) => void
  /** Another tab of the same place: no visit of its own. */
  turn: (section: Section) => void
}

/**
 * Visits of one profile, for as long as the page is there; the section that is open at first is one. `open` shows a section
 * of the profile and is the same from render to render.
 */
export function useVisits<Mark>(
  all: Map<string, Visits<Mark>>,
  profileId: string | null,
  section: Section | null,
  open: (profileId: string, section: Section) => void,
  marks: Marks<Mark>,
): Travels {
  const [, draw] = useReducer((turn: number) => turn + 1, 0)
  /** What is done once the section is drawn: its screen has begun to read by then. */
  const arriving = useRef<(() => void) | null>(null)
  useEffect(() => {
    const arrive = arriving.current
    arriving.current = null
    arrive?.()
  })
  const visits = profileId === null ? null : visitsOf(all, profileId)
  if (visits && section && !visits.here) visits.go(section, null)

  const markHere = useCallback(
    () => (profileId !== null && section ? marks.take(profileId, section) : null),
    [profileId, section, marks],
  )
  const go = useCallback(
    (next: Section, then?: () => void) => {
      if (profileId === null || !visits) return
      visits.go(next, markHere())
      arriving.current = then ?? null
      open(profileId, next)
      draw()
    },
    [profileId, visits, open, markHere],
  )
  const step = useCallback(
    (by: -1 | 1) => {
      const visit = profileId === null ? null : visits?.step(by, markHere())
      if (!visit || profileId === null) return
      const { section: next, mark } = visit
      arriving.current = mark === null ? null : () => marks.restore(profileId, next, mark)
      open(profileId, next)
      draw()
    },
    [profileId, visits, open, marks, markHere],
  )

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const by = stepOf(event)
      if (by === null || event.defaultPrevented) return
      const isMac = navigator.userAgent.includes('Mac')
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea')
      // There it moves by words.
      if (isTyping && isMac) return
      // A browser would leave the page.
      event.preventDefault()
      if (!isTyping && !document.querySelector('[aria-modal=true]')) step(by)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [step])

  return {
    canGoBack: visits?.can(-1) ?? false,
    canGoForward: visits?.can(1) ?? false,
    goBack: () => step(-1),
    goForward: () => step(1),
    go,
    turn: (next) => {
      if (profileId === null || !visits) return
      visits.turn(next)
      open(profileId, next)
    },
  }
}

function visitsOf<Mark>(all: Map<string, Visits<Mark>>, profileId: string): Visits<Mark> {
  const visits = all.get(profileId) ?? new Visits<Mark>()
  all.set(profileId, visits)
  return visits
}

function stepOf({ key, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): -1 | 1 | null {
  if (shiftKey || ctrlKey) return null
  if (altKey && !metaKey) return key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : null
  if (metaKey && !altKey) return key === '[' ? -1 : key === ']' ? 1 : null
  return null
}

// Above the screens of a table: back and forward, and whether its rows, its structure or its comparison is shown.
import { ActionIcon, Tooltip } from '@mantine/core'
import { ArrowLeft, ArrowRight } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'
import type { Section } from './place.ts'
import css from './table-tabs.module.css'
import type { Travels } from './use-visits.ts'

type TableSection = Extract<Section, { kind: 'table' }>

interface TableTabsProps {
  section: TableSection
  travels: Travels
  /** The screen of the tab that is chosen. */
  children: ReactNode
}

const TABS = [
  { tab: undefined, name: 'Rows' },
  { tab: 'structure', name: 'Structure' },
  { tab: 'compare', name: 'Compare' },
] as const

/** The next tab takes the focus. Not state: another screen may be drawn anew, with all that is around it. */
let isByArrow = false

export function TableTabs({ section, travels, children }: TableTabsProps) {
  const { table, tab } = section
  const list = useRef<HTMLDivElement>(null)
  const show = (next: TableSection['tab']) => travels.turn({ kind: 'table', table, ...(next && { tab: next }) })
  const place = TABS.findIndex((each) => each.tab === tab)
  /** The tab beside the one that is chosen; behind the last comes the first. */
  const beside = (step: 1 | -1) => TABS.at((place + step) % TABS.length) ?? TABS[0]
  useTabKey(() => show(beside(1).tab))
  useEffect(() => {
    if (isByArrow) list.current?.querySelector<HTMLElement>('[aria-selected=true]')?.focus()
    isByArrow = false
  }, [tab])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return
    event.preventDefault()
    const next = beside(event.key === 'ArrowRight' ? 1 : -1)
    isByArrow = true
    show(next.tab)
  }
  return (
    <div className={css.area}>
      <div className={css.bar}>
        <Step label="Back" keys="Alt+←" isOff={!travels.canGoBack} onStep={travels.goBack}>
          <ArrowLeft size={15} aria-hidden />
        </Step>
        <Step label="Forward" keys="Alt+→" isOff={!travels.canGoForward} onStep={travels.goForward}>
          <ArrowRight size={15} aria-hidden />
        </Step>
        <h2 className={css.name} title={table}>
          {table}
        </h2>
        <div ref={list} role="tablist" aria-label={`Views of ${table}`} className={css.tabs} onKeyDown={onKeyDown}>
          {TABS.map((each) => (
            <button
              key={each.name}
              type="button"
              role="tab"
              id={`table-tab-${each.name}`}
              aria-selected={each.tab === tab}
              aria-controls="table-panel"
              aria-keyshortcuts="F4"
              tabIndex={each.tab === tab ? 0 : -1}
              className={css.tab}
              title={each.tab === tab ? undefined : `${each.name} (F4)`}
              onClick={() => show(each.tab)}
            >
              {each.name}
            </button>
          ))}
        </div>
      </div>
      <div
        id="table-panel"
        role="tabpanel"
        aria-labelledby={`table-tab-${(TABS[place] ?? TABS[0]).name}`}
        className={css.panel}
      >
        {children}
      </div>
    </div>
  )
}

interface StepProps {
  label: string
  keys: string
  isOff: boolean
  onStep: () => void
  children: ReactNode
}

function Step({ label, keys, isOff, onStep, children }: StepProps) {
  return (
    <Tooltip label={`${label} (${keys})`} disabled={isOff}>
      <ActionIcon aria-label={label} disabled={isOff} onClick={onStep}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}

/** F4 shows the next tab, wherever the focus is in the content. In the sidebar it edits a profile. */
function useTabKey(show: () => void): void {
  const last = useRef(show)
  useEffect(() => {
    last.current = show
  })
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (event.key !== 'F4' || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return
      const isElsewhere = event.target instanceof HTMLElement && event.target.closest('nav, input, textarea') !== null
      if (event.defaultPrevented || isElsewhere || document.querySelector('[aria-modal=true]')) return
      event.preventDefault()
      last.current()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}

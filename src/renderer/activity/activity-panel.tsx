// Every statement that Roster sends to the open database, as it is sent: when, what, how long, how many rows.
import { ActionIcon, Button, NativeSelect, TextInput, Tooltip } from '@mantine/core'
import { Check, Copy, Eraser, Pause, Play, X } from 'lucide-react'
import { useCallback, useMemo, useRef, useState } from 'react'
import { useClipboard } from '@mantine/hooks'
import type { ActivityEntry } from '../../shared/activity.ts'
import { WindowedList } from '../ui/windowed-list.tsx'
import { plural } from '../ui/wording.ts'
import { ActivityDetail } from './activity-detail.tsx'
import {
  entryText,
  matches,
  oneLine,
  rowsInWords,
  spentInWords,
  timeInWords,
  type ActivityFilter,
} from './activity-words.ts'
import { useActivity } from './use-activity.ts'
import css from './activity.module.css'

/** Pixels. */
const LINE = 25

const ROLES: { value: ActivityFilter['role']; label: string }[] = [
  { value: 'all', label: 'All statements' },
  { value: 'read', label: 'Reads' },
  { value: 'write', label: 'Writes' },
  { value: 'schema', label: 'Schema work' },
  { value: 'failed', label: 'Failed or cancelled' },
]

export function ActivityPanel({ profileId, onClose }: { profileId: string; onClose: () => void }) {
  const live = useActivity(profileId)
  const [paused, setPaused] = useState<readonly ActivityEntry[] | null>(null)
  const [filter, setFilter] = useState<ActivityFilter>({ text: '', role: 'all' })
  /** Entries up to this number were cleared from sight. */
  const [cleared, setCleared] = useState(-1)
  const [chosen, setChosen] = useState<number | null>(null)
  const panel = useRef<HTMLElement>(null)
  const all = paused ?? live
  const shown = useMemo(
    () => (all ?? []).filter((entry) => entry.number > cleared && matches(filter, entry)),
    [all, cleared, filter],
  )
  const heightOf = useCallback(() => LINE, [])
  const missed = paused === null ? 0 : (live?.at(-1)?.number ?? 0) - (paused.at(-1)?.number ?? 0)
  const opened = shown.find(({ number }) => number === chosen)
  return (
    <section
      ref={panel}
      className={css.panel}
      aria-label="Activity"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        event.stopPropagation()
        if (opened) setChosen(null)
        else onClose()
      }}
    >
      <div className={css.head}>
        <h2 className={css.title}>Activity</h2>
        <TextInput
          className={css.search}
          aria-label="Search statements"
          placeholder="Search statements"
          value={filter.text}
          onChange={({ currentTarget: { value } }) => setFilter((before) => ({ ...before, text: value }))}
          data-autofocus
        />
        <NativeSelect
          aria-label="Which statements"
          data={ROLES}
          value={filter.role}
          onChange={({ currentTarget: { value } }) =>
            setFilter((before) => ({ ...before, role: ROLES.find((role) => role.value === value)?.value ?? 'all' }))
          }
        />
        <span className={css.count} role="status">
          {all === null ? 'Reading…' : plural(shown.length, 'entry', 'entries')}
          {missed > 0 && `, ${missed.toLocaleString('en-US')} since paused`}
        </span>
        <Button
          leftSection={paused ? <Play size={13} /> : <Pause size={13} />}
          aria-pressed={paused !== null}
          onClick={() => setPaused(paused ? null : (live ?? []))}
        >
          {paused ? 'Go on' : 'Pause'}
        </Button>
        <CopyShown entries={shown} />
        <Tooltip label="Clear the view: nothing is forgotten elsewhere">
          <ActionIcon
            size={28}
            aria-label="Clear the view"
            onClick={() => setCleared(all?.at(-1)?.number ?? -1)}
            disabled={shown.length === 0}
          >
            <Eraser size={14} />
          </ActionIcon>
        </Tooltip>
        <ActionIcon size={28} aria-label="Close activity" onClick={onClose}>
          <X size={15} />
        </ActionIcon>
      </div>
      <div className={css.body}>
        <WindowedList
          label="Statements"
          role="log"
          className={css.list}
          count={shown.length}
          heightOf={heightOf}
          keyOf={(index) => String(shown[index]?.number)}
          render={(index) => {
            const entry = shown[index]
            return (
              entry && (
                <Line
                  entry={entry}
                  isChosen={entry.number === chosen}
                  onChoose={() => setChosen(entry.number === chosen ? null : entry.number)}
                />
              )
            )
          }}
        />
        {shown.length === 0 && all !== null && <p className={css.empty}>{emptyWords(filter)}</p>}
        {opened && <ActivityDetail entry={opened} onClose={() => setChosen(null)} />}
      </div>
    </section>
  )
}

function emptyWords({ text, role }: ActivityFilter): string {
  return text === '' && role === 'all'
    ? 'Nothing was sent to this database yet. What is sent from now on stands here.'
    : 'No statement is like that.'
}

interface LineProps {
  entry: ActivityEntry
  isChosen: boolean
  onChoose: () => void
}

function Line({ entry, isChosen, onChoose }: LineProps) {
  const { at, role, sql, values, times, error } = entry
  return (
    <button
      type="button"
      className={css.line}
      data-role={role}
      data-failed={(error !== null && error !== 'cancelled') || undefined}
      aria-expanded={isChosen}
      onClick={onChoose}
    >
      <span className={css.at}>{timeInWords(at)}</span>
      <span className={css.role}>{role}</span>
      <span className={css.sql}>
        {oneLine(sql)}
        {values.length > 0 && <span className={css.values}> {values.join(', ')}</span>}
      </span>
      <span className={css.times}>{times > 1 ? `× ${times.toLocaleString('en-US')}` : ''}</span>
      <span className={css.rows}>{rowsInWords(entry)}</span>
      <span className={css.spent}>{spentInWords(entry)}</span>
    </button>
  )
}

function CopyShown({ entries }: { entries: readonly ActivityEntry[] }) {
  const { copied, copy } = useClipboard()
  return (
    <Button
      leftSection={copied ? <Check size={13} /> : <Copy size={13} />}
      disabled={entries.length === 0}
      onClick={() => copy(entries.map(entryText).join('\n\n'))}
    >
      {copied ? 'Copied' : 'Copy'}
    </Button>
  )
}

// A calendar and a clock for a text that holds a date: what is picked changes in the text, and nothing else of it.
import { ActionIcon, Button, NumberInput } from '@mantine/core'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { momentOf, type MomentShape } from '../../shared/moments.ts'
import css from './moment-picker.module.css'
import {
  clockIn,
  dayIn,
  dayNumber,
  dayOfNumber,
  daysIn,
  monthsLater,
  weekdayOf,
  withClock,
  withDay,
  type Clock,
  type Day,
} from './picked.ts'

interface MomentPickerProps {
  label: string
  text: string
  shape: MomentShape
  onText: (text: string) => void
  onDone: () => void
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ')
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

const today = (): Day => dayIn(new Date().toISOString().slice(0, 10)) as Day

export function MomentPicker({ label, text, shape, onText, onDone }: MomentPickerProps) {
  const pick = (next: string | null) => {
    if (next !== null) onText(next)
  }
  return (
    <div
      role="dialog"
      aria-label={`Pick ${label}`}
      className={css.picker}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        onDone()
      }}
    >
      {shape.of !== 'time' && (
        <Calendar
          chosen={dayIn(text)}
          onPick={(day) => pick(withDay(text, day, shape))}
          onDone={onDone}
          isAlone={shape.of === 'date'}
        />
      )}
      {shape.of !== 'date' && <ClockFields text={text} shape={shape} onPick={pick} isFirst={shape.of === 'time'} />}
      <div className={css.buttons}>
        {shape.of !== 'time' && (
          <Button size="compact-xs" onClick={() => pick(withDay(text, today(), shape))}>
            Today, in UTC
          </Button>
        )}
        <Button size="compact-xs" variant="filled" onClick={onDone}>
          Done
        </Button>
      </div>
    </div>
  )
}

interface CalendarProps {
  chosen: Day | null
  onPick: (day: Day) => void
  onDone: () => void
  /** Picking a day is all there is to do. */
  isAlone: boolean
}

function Calendar({ chosen, onPick, onDone, isAlone }: CalendarProps) {
  const [at, setAt] = useState(chosen ?? today())
  const titleId = useId()
  const table = useRef<HTMLTableElement>(null)
  // The day one stands on takes the keys, also the first time.
  useEffect(() => {
    table.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
  }, [at])

  const onKeyDown = (event: KeyboardEvent) => {
    const days: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }
    const step = days[event.key]
    const months = (event.key === 'PageDown' ? 1 : event.key === 'PageUp' ? -1 : 0) * (event.shiftKey ? 12 : 1)
    const to = { Home: -weekdayOf(at), End: 6 - weekdayOf(at) }[event.key]
    if (step !== undefined) setAt(dayOfNumber(dayNumber(at) + step))
    else if (months !== 0) setAt(monthsLater(at, months))
    else if (to !== undefined) setAt(dayOfNumber(dayNumber(at) + to))
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const first = dayNumber({ ...at, day: 1 })
  const begin = first - weekdayOf({ ...at, day: 1 })
  const weeks = Math.ceil((first - begin + daysIn(at.year, at.month)) / 7)
  const now = dayNumber(today())
  return (
    <div>
      <div className={css.head}>
        <ActionIcon aria-label="Month before" onClick={() => setAt(monthsLater(at, -1))}>
          <ChevronLeft size={15} />
        </ActionIcon>
        <span id={titleId} className={css.title} aria-live="polite">
          {MONTHS[at.month - 1]} {at.year < 1 ? `${1 - at.year} BC` : at.year}
        </span>
        <ActionIcon aria-label="Month after" onClick={() => setAt(monthsLater(at, 1))}>
          <ChevronRight size={15} />
        </ActionIcon>
      </div>
      <table ref={table} role="grid" aria-labelledby={titleId} className={css.days} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {WEEKDAYS.map((name) => (
              <th key={name} scope="col" abbr={name}>
                {name.slice(0, 2)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: weeks }, (_, week) => (
            <tr key={week}>
              {WEEKDAYS.map((name, weekday) => {
                const number = begin + week * 7 + weekday
                const day = dayOfNumber(number)
                const isChosen = chosen !== null && dayNumber(chosen) === number
                return (
                  <td key={name} role="gridcell" aria-selected={isChosen}>
                    <button
                      type="button"
                      className={css.day}
                      tabIndex={number === dayNumber(at) ? 0 : -1}
                      data-other={day.month !== at.month || undefined}
                      data-chosen={isChosen || undefined}
                      data-today={number === now || undefined}
                      aria-label={`${name}, ${day.day} ${MONTHS[day.month - 1]} ${day.year}`}
                      onClick={() => {
                        setAt(day)
                        onPick(day)
                        if (isAlone) onDone()
                      }}
                    >
                      {day.day}
                    </button>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface ClockFieldsProps {
  text: string
  shape: MomentShape
  onPick: (text: string | null) => void
  isFirst: boolean
}

function ClockFields({ text, shape, onPick, isFirst }: ClockFieldsProps) {
  const clock = clockIn(text) ?? { hour: 0, minute: 0, second: 0 }
  const fraction = momentOf(text.trim())?.time?.fraction ?? ''
  const isSpan = shape.of === 'time' && shape.storage === 'mysql'
  const change = (part: Partial<Clock>) => onPick(withClock(text, { ...clock, ...part }, shape, today()))
  const fields = [
    { name: 'hour', label: 'Hour', min: isSpan ? -838 : 0, max: isSpan ? 838 : 23 },
    { name: 'minute', label: 'Minute', min: 0, max: 59 },
    ...(shape.hasSeconds ? [{ name: 'second', label: 'Second', min: 0, max: 59 }] : []),
  ] as { name: keyof Clock; label: string; min: number; max: number }[]
  return (
    <div className={css.clock}>
      {fields.map(({ name, label, min, max }, index) => (
        <NumberInput
          key={name}
          size="xs"
          w={isSpan && name === 'hour' ? 74 : 58}
          label={label}
          data-autofocus={(isFirst && index === 0) || undefined}
          min={min}
          max={max}
          clampBehavior="strict"
          allowDecimal={false}
          allowNegative={min < 0}
          value={clock[name]}
          onChange={(value) => {
            if (typeof value === 'number') change({ [name]: value })
          }}
        />
      ))}
      {fraction !== '' && <span className={css.fraction}>.{fraction}, kept</span>}
    </div>
  )
}

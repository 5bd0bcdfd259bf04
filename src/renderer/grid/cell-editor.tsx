// The field in which one cell is typed, in the place of the cell; what is wrong with the text stands beside it.
import { Popover } from '@mantine/core'
import { CalendarDays } from 'lucide-react'
import { useId, useLayoutEffect, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react'
import type { MomentShape } from '../../shared/moments.ts'
import css from './grid.module.css'
import { MomentPicker } from './moment-picker.tsx'

export interface EditorHost {
  /** What is in the field now: it outlasts the field, which goes when its row is scrolled out of sight. */
  draft(text: string): void
  /** What is wrong with a text that is still being typed, or null. */
  check(text: string): string | null
  /** Stages what was typed. False when it is no value; the field stays. */
  commit(): boolean
  /** Stages what was typed in every chosen cell. */
  commitAll(): void
  cancel(): void
  /** Sets the cell to NULL instead of what was typed. */
  setNull(): void
  /** After Enter or Tab: which way the current cell goes. */
  moveOn(way: 'down' | 'up' | 'right' | 'left'): void
}

interface CellEditorProps {
  label: string
  /** What to begin with: the draft. */
  text: string
  /** The text was opened whole, so it is selected; after typing the cursor stands behind it. */
  isWhole: boolean
  placeholder: string
  error: string | null
  /** Values that the type knows, offered while typing; empty where it names none. */
  choices: readonly string[]
  /** Of a column of dates or times: they can be picked. */
  shape: MomentShape | null
  isAbove: boolean
  /** Words about the cell end where it ends, because it stands at the right. */
  isAtEnd: boolean
  host: EditorHost
}

export function CellEditor(props: CellEditorProps) {
  const { label, text, isWhole, placeholder, choices, shape, isAbove, isAtEnd, host } = props
  const [draft, setDraft] = useState(text)
  const [isPicking, setPicking] = useState(false)
  // What is said of a text that was left goes as soon as another is typed.
  const [checked, setChecked] = useState<{ of: string; error: string | null }>({ of: text, error: null })
  const error = checked.of === text ? props.error : checked.error
  const input = useRef<HTMLInputElement>(null)
  const field = useRef<HTMLDivElement>(null)
  const dropdown = useRef<HTMLDivElement>(null)
  const errorId = useId()
  const listId = useId()
  useLayoutEffect(() => {
    input.current?.focus({ preventScroll: true })
    if (isWhole) input.current?.select()
  }, [isWhole])

  const type = (typed: string) => {
    setDraft(typed)
    setChecked({ of: typed, error: host.check(typed) })
    host.draft(typed)
  }
  const closePicker = () => {
    setPicking(false)
    input.current?.focus({ preventScroll: true })
  }

  const onKeyDown = (event: KeyboardEvent) => {
    // An input method uses Enter and Escape for itself.
    if (event.nativeEvent.isComposing) return
    const done = (then?: () => void) => {
      event.preventDefault()
      event.stopPropagation()
      then?.()
    }
    const isCommand = event.ctrlKey || event.metaKey
    if (event.key === 'Escape') return done(() => host.cancel())
    if (event.key === 'Enter' && isCommand && !event.shiftKey) return done(() => host.commitAll())
    if (event.key === 'Enter' && !isCommand) {
      return done(() => host.commit() && host.moveOn(event.shiftKey ? 'up' : 'down'))
    }
    if (isCommand && (event.key === '0' || event.key === 'Delete')) return done(() => host.setNull())
    if (event.key === 'Tab') return done(() => host.commit() && host.moveOn(event.shiftKey ? 'left' : 'right'))
    if (shape && event.altKey && event.key === 'ArrowDown') return done(() => setPicking(true))
  }

  /** Going from the field to its picker and back leaves the cell open. */
  const onBlur = ({ relatedTarget }: FocusEvent) => {
    const isOwn = [field, dropdown].some(({ current }) => current?.contains(relatedTarget))
    if (!isOwn) host.commit()
  }

  return (
    <div data-editor ref={field} onBlur={onBlur}>
      <input
        ref={input}
        className={css.editor}
        aria-label={label}
        aria-invalid={error !== null}
        aria-describedby={error === null ? undefined : errorId}
        data-picker={shape !== null || undefined}
        value={draft}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        list={choices.length > 0 ? listId : undefined}
        onChange={({ target }) => type(target.value)}
        onKeyDown={onKeyDown}
      />
      {choices.length > 0 && (
        <datalist id={listId}>
          {choices.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
      )}
      {shape && (
        <Popover opened={isPicking} position="bottom-end" shadow="md" trapFocus={false} onDismiss={closePicker}>
          <Popover.Target>
            <button
              type="button"
              tabIndex={-1}
              className={css.pick}
              aria-label={`Pick ${shape.of === 'time' ? 'a time' : 'a date'} (Alt+Down)`}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => (isPicking ? closePicker() : setPicking(true))}
            >
              <CalendarDays size={14} aria-hidden />
            </button>
          </Popover.Target>
          <Popover.Dropdown ref={dropdown} data-editor onBlur={onBlur}>
            {isPicking && <MomentPicker text={draft} shape={shape} onText={type} onDone={closePicker} label={label} />}
          </Popover.Dropdown>
        </Popover>
      )}
      {error !== null && !isPicking && (
        <div
          id={errorId}
          role="alert"
          className={css.bubble}
          data-above={isAbove || undefined}
          data-end={isAtEnd || undefined}
        >
          {error}
        </div>
      )}
    </div>
  )
}

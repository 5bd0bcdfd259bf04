// The field in which one cell is typed, in the place of the cell; what is wrong with the text stands beside it.
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import css from './grid.module.css'

export interface EditorHost {
  /** What is in the field now: it outlasts the field, which goes when its row is scrolled out of sight. */
  draft(text: string): void
  /** Stages what was typed. False when it is no value; the field stays. */
  commit(): boolean
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
  isAbove: boolean
  /** Words about the cell end where it ends, because it stands at the right. */
  isAtEnd: boolean
  host: EditorHost
}

export function CellEditor({
  label,
  text,
  isWhole,
  placeholder,
  error,
  choices,
  isAbove,
  isAtEnd,
  host,
}: CellEditorProps) {
  const [draft, setDraft] = useState(text)
  const input = useRef<HTMLInputElement>(null)
  const errorId = useId()
  const listId = useId()
  useLayoutEffect(() => {
    input.current?.focus({ preventScroll: true })
    if (isWhole) input.current?.select()
  }, [isWhole])

  const onKeyDown = (event: KeyboardEvent) => {
    // An input method uses Enter and Escape for itself.
    if (event.nativeEvent.isComposing) return
    const done = (then?: () => void) => {
      event.preventDefault()
      event.stopPropagation()
      then?.()
    }
    if (event.key === 'Escape') return done(() => host.cancel())
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      return done(() => host.commit() && host.moveOn(event.shiftKey ? 'up' : 'down'))
    }
    const isCommand = event.ctrlKey || event.metaKey
    if (isCommand && (event.key === '0' || event.key === 'Delete')) return done(() => host.setNull())
    if (event.key === 'Tab') return done(() => host.commit() && host.moveOn(event.shiftKey ? 'left' : 'right'))
  }

  return (
    <div data-editor>
      <input
        ref={input}
        className={css.editor}
        aria-label={label}
        aria-invalid={error !== null}
        aria-describedby={error === null ? undefined : errorId}
        value={draft}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        list={choices.length > 0 ? listId : undefined}
        onChange={({ target }) => {
          setDraft(target.value)
          host.draft(target.value)
        }}
        onKeyDown={onKeyDown}
        onBlur={() => host.commit()}
      />
      {choices.length > 0 && (
        <datalist id={listId}>
          {choices.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
      )}
      {error !== null && (
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

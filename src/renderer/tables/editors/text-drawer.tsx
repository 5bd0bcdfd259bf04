// Long text and JSON, edited in a drawer beside the grid. JSON is checked while it is typed, and laid out only on request.
import { Button, Drawer, Textarea } from '@mantine/core'
import { useDeferredValue, useState } from 'react'
import { isJsonType } from '../../grid/json-type.ts'
import { jsonProblem, laidOut, problemInWords } from '../../grid/json-text.ts'
import { lineBreaksOf, withLineBreaks, type LineBreaks } from '../../grid/line-breaks.ts'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import type { Column } from '../../../shared/tables.ts'
import css from './editors.module.css'

interface TextDrawerProps {
  column: Column
  text: string
  error: string | null
  onDraft: (text: string) => void
  onKeep: () => void
  onClose: () => void
}

export function TextDrawer({ column, text, error, onDraft, onKeep, onClose }: TextDrawerProps) {
  useReturnFocus()
  const [draft, setDraft] = useState(text)
  const [breaks] = useState(() => lineBreaksOf(text))
  const change = (typed: string) => {
    setDraft(typed)
    onDraft(typed)
  }
  const isJson = isJsonType(column) || /^\s*[[{]/.test(text)
  return (
    <Drawer
      opened
      position="right"
      size={620}
      padding="md"
      lockScroll={false}
      overlayProps={{ backgroundOpacity: 0.2 }}
      transitionProps={{ duration: 90 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
      title={`Edit ${column.name}`}
      classNames={{ content: css.drawer ?? '', body: css.drawerBody ?? '' }}
      onClose={onClose}
    >
      <Textarea
        className={css.long ?? ''}
        aria-label={column.name}
        data-autofocus
        value={draft}
        error={error && <span role="alert">{error}</span>}
        spellCheck={false}
        data-json={isJson || undefined}
        onChange={({ currentTarget }) => change(withLineBreaks(currentTarget.value, breaks))}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onKeep()
        }}
      />
      <p className={css.note}>
        {Array.from(draft).length.toLocaleString('en-US')} characters{breaksInWords(breaks)}
      </p>
      {isJson && <JsonTools text={draft} onText={change} />}
      <div className={css.buttons}>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="filled" title="Ctrl+Enter" onClick={onKeep}>
          Keep text
        </Button>
      </div>
    </Drawer>
  )
}

function JsonTools({ text, onText }: { text: string; onText: (text: string) => void }) {
  // A long text is checked when there is time, and the field stays quick.
  const checked = useDeferredValue(text)
  const problem = jsonProblem(checked)
  return (
    <div className={css.json}>
      <span role="status" data-bad={problem !== null || undefined}>
        {problem ? `Not JSON. ${problemInWords(checked, problem)}` : 'This is JSON.'}
      </span>
      <Button
        size="compact-xs"
        disabled={problem !== null}
        title="Only the space between the parts changes: numbers and keys stay letter by letter."
        onClick={() => {
          const made = laidOut(text)
          if ('text' in made) onText(made.text)
        }}
      >
        Lay out
      </Button>
    </div>
  )
}

function breaksInWords(breaks: LineBreaks): string {
  if (breaks === 'LF') return ''
  if (breaks !== 'mixed') return `, line breaks ${breaks}`
  return ', several kinds of line breaks: a changed text gets LF for all of them'
}

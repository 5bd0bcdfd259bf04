// One whole value in a dialog: long text to be edited, binary as a table of its bytes.
import { Button, Modal, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { Cell } from '../../shared/cell.ts'
import { spelled } from '../../shared/codecs.ts'
import type { Column } from '../../shared/tables.ts'
import { bytesInWords, valueInWords } from '../grid/cell-show.ts'
import { foreignWords } from '../grid/cell-text.ts'
import { lineBreaksOf, withLineBreaks, type LineBreaks } from '../grid/line-breaks.ts'
import { hexDump } from './hex-dump.ts'
import css from './table-screen.module.css'

/** Bytes that the table of bytes shows. */
const SHOWN = 64 * 1024

interface TextDialogProps {
  title: string
  column: string
  text: string
  error: string | null
  /** Undefined when the text is only looked at. */
  onDraft?: (text: string) => void
  onKeep?: () => void
  onClose: () => void
}

export function TextDialog({ title, column, text, error, onDraft, onKeep, onClose }: TextDialogProps) {
  const [draft, setDraft] = useState(text)
  const [breaks] = useState(() => lineBreaksOf(text))
  return (
    <Modal opened size={720} title={title} onClose={onClose}>
      <Textarea
        className={css.longText ?? ''}
        aria-label={column}
        data-autofocus
        rows={14}
        value={draft}
        error={error && <span role="alert">{error}</span>}
        readOnly={!onDraft}
        spellCheck={false}
        onChange={({ currentTarget }) => {
          const typed = withLineBreaks(currentTarget.value, breaks)
          setDraft(typed)
          onDraft?.(typed)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onKeep?.()
        }}
      />
      <p className={css.dialogNote}>
        {Array.from(draft).length.toLocaleString('en-US')} characters{breaksInWords(breaks, onDraft !== undefined)}
      </p>
      <div className={css.buttons}>
        <Button onClick={onClose}>{onKeep ? 'Cancel' : 'Close'}</Button>
        {onKeep && (
          <Button variant="filled" title="Ctrl+Enter" onClick={onKeep}>
            Keep text
          </Button>
        )}
      </div>
    </Modal>
  )
}

function breaksInWords(breaks: LineBreaks, isEdited: boolean): string {
  if (breaks === 'LF') return ''
  if (breaks !== 'mixed') return `, line breaks ${breaks}`
  return isEdited
    ? ', several kinds of line breaks: a changed text gets LF for all of them'
    : ', several kinds of line breaks'
}

export function BinaryDialog({ title, value, onClose }: { title: string; value: Uint8Array; onClose: () => void }) {
  return (
    <Modal opened size={720} title={title} onClose={onClose}>
      <pre className={css.hex} tabIndex={0} aria-label="Bytes">
        {value.length === 0 ? 'No bytes.' : hexDump(value.subarray(0, SHOWN))}
      </pre>
      <p className={css.dialogNote}>
        {bytesInWords(value.length)}
        {value.length > SHOWN && `; the first ${bytesInWords(SHOWN)} are shown`}. Binary values are not edited here.
      </p>
    </Modal>
  )
}

/** A value that is only looked at. */
export function ValueDialog({
  title,
  column,
  value,
  onClose,
}: {
  title: string
  column: Column
  value: Cell
  onClose: () => void
}) {
  if (column.codec) return <WrittenDialog title={title} column={column} value={value} onClose={onClose} />
  if (value instanceof Uint8Array) return <BinaryDialog title={title} value={value} onClose={onClose} />
  return (
    <TextDialog
      title={title}
      column={column.name}
      text={value === null ? '' : String(value)}
      error={null}
      onClose={onClose}
    />
  )
}

/** A boolean or a date: what it says, and how it is written. */
function WrittenDialog({
  title,
  column,
  value,
  onClose,
}: {
  title: string
  column: Column
  value: Cell
  onClose: () => void
}) {
  const facts: [string, string][] = [
    ['Value', valueInWords(value, column)],
    ['Stored as', spelled(value)],
    ['Column', `${column.type === '' ? 'no declared type' : column.type}. ${column.encoding?.words ?? ''}`],
  ]
  const foreign = foreignWords(column, value)
  return (
    <Modal opened size={620} title={title} onClose={onClose}>
      <dl className={css.facts}>
        {facts.map(([name, words]) => (
          <div key={name} className={css.fact}>
            <dt>{name}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      {foreign !== null && <p className={css.dialogNote}>{foreign}</p>}
      <div className={css.buttons}>
        <Button data-autofocus onClick={onClose}>
          Close
        </Button>
      </div>
    </Modal>
  )
}

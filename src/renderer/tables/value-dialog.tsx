// One whole value in a dialog, to be looked at: long text, binary as a table of its bytes, a date as it is written.
import { Button, Modal, Textarea } from '@mantine/core'
import type { Cell } from '../../shared/cell.ts'
import { spelled } from '../../shared/codecs.ts'
import type { Column } from '../../shared/tables.ts'
import { bytesInWords, valueInWords } from '../grid/cell-show.ts'
import { foreignWords } from '../grid/cell-text.ts'
import { lineBreaksOf, type LineBreaks } from '../grid/line-breaks.ts'
import { BYTES_LIMIT } from '../grid/typed-text.ts'
import { saveBytes } from './editors/save-bytes.ts'
import { hexDump } from './hex-dump.ts'
import css from './table-screen.module.css'

/** Bytes that the table of bytes shows. */
const SHOWN = 64 * 1024

function TextDialog({
  title,
  column,
  text,
  onClose,
}: {
  title: string
  column: string
  text: string
  onClose: () => void
}) {
  return (
    <Modal opened size={720} title={title} onClose={onClose}>
      <Textarea
        className={css.longText ?? ''}
        aria-label={column}
        data-autofocus
        rows={14}
        value={text}
        readOnly
        spellCheck={false}
      />
      <p className={css.dialogNote}>
        {Array.from(text).length.toLocaleString('en-US')} characters{breaksInWords(lineBreaksOf(text))}
      </p>
      <div className={css.buttons}>
        <Button onClick={onClose}>Close</Button>
      </div>
    </Modal>
  )
}

function breaksInWords(breaks: LineBreaks): string {
  if (breaks === 'LF') return ''
  return breaks === 'mixed' ? ', several kinds of line breaks' : `, line breaks ${breaks}`
}

function BinaryDialog({
  title,
  column,
  value,
  onClose,
}: {
  title: string
  column: string
  value: Uint8Array
  onClose: () => void
}) {
  return (
    <Modal opened size={720} title={title} onClose={onClose}>
      <pre className={css.hex} tabIndex={0} aria-label="Bytes">
        {value.length === 0 ? 'No bytes.' : hexDump(value.subarray(0, SHOWN))}
      </pre>
      <p className={css.dialogNote}>
        {bytesInWords(value.length)}
        {value.length > SHOWN && `; the first ${bytesInWords(SHOWN)} are shown`}
        {value.length > BYTES_LIMIT && `. Up to ${bytesInWords(BYTES_LIMIT)} are edited here`}.
      </p>
      <div className={css.buttons}>
        <Button onClick={() => saveBytes(`${column}.bin`, value)}>Save to a file</Button>
        <Button onClick={onClose}>Close</Button>
      </div>
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
  if (value instanceof Uint8Array)
    return <BinaryDialog title={title} column={column.name} value={value} onClose={onClose} />
  return <TextDialog title={title} column={column.name} text={value === null ? '' : String(value)} onClose={onClose} />
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

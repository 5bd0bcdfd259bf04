// Bytes, up to 1 MB, edited as hexadecimal digits one part at a time; loaded from a file and saved to one.
import { Button, FileButton, Modal, Textarea } from '@mantine/core'
import { useState } from 'react'
import { bytesInWords, hex } from '../../grid/cell-show.ts'
import { BYTES_LIMIT } from '../../grid/typed-text.ts'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import { hexDump } from '../hex-dump.ts'
import css from './editors.module.css'
import { bytesOfHex, hexLines, PART, replacePart } from './hex-parts.ts'
import { saveBytes } from './save-bytes.ts'

interface HexDialogProps {
  column: string
  /** "0x…". */
  text: string
  error: string | null
  onDraft: (text: string) => void
  onKeep: () => void
  onClose: () => void
}

export function HexDialog({ column, text, error, onDraft, onKeep, onClose }: HexDialogProps) {
  useReturnFocus()
  const [bytes, setBytes] = useState(() => bytesOfHex(text) ?? new Uint8Array())
  const [part, setPart] = useState(0)
  // What the part that is shown replaces: it may have become longer or shorter while it is typed.
  const [base, setBase] = useState(bytes)
  const [typed, setTyped] = useState(() => hexLines(bytes, 0))
  const [problem, setProblem] = useState<string | null>(null)
  const keep = (next: Uint8Array) => {
    setBytes(next)
    setProblem(null)
    onDraft(`0x${hex(next)}`)
  }
  const show = (from: Uint8Array, to: number) => {
    setBase(from)
    setPart(to)
    setTyped(hexLines(from, to))
    setProblem(null)
  }
  const type = (lines: string) => {
    setTyped(lines)
    const made = bytesOfHex(lines)
    if (!made) return setProblem('Each byte is two hexadecimal digits, 00 to ff.')
    const next = replacePart(base, part, made)
    if (next.length > BYTES_LIMIT) return setProblem(`Up to ${bytesInWords(BYTES_LIMIT)} are edited here.`)
    keep(next)
  }
  const load = async (file: File | null) => {
    if (!file) return
    if (file.size > BYTES_LIMIT)
      return setProblem(`${file.name} has ${bytesInWords(file.size)}; up to ${bytesInWords(BYTES_LIMIT)} are taken.`)
    const loaded = new Uint8Array(await file.arrayBuffer())
    keep(loaded)
    show(loaded, 0)
  }
  const start = part * PART
  const end = start + (bytes.length - base.length) + Math.min(PART, base.length - start)
  const last = Math.max(0, Math.ceil(bytes.length / PART) - 1)
  const says = problem ?? error
  return (
    <Modal opened size={880} title={`Edit ${column}, ${bytesInWords(bytes.length)}`} onClose={onClose}>
      <div className={css.hexTools}>
        <FileButton onChange={(file) => void load(file)}>
          {(props) => <Button {...props}>Load from a file…</Button>}
        </FileButton>
        <Button onClick={() => saveBytes(`${column}.bin`, bytes)}>Save to a file</Button>
        <span className={css.space} />
        <Button disabled={part === 0 || problem !== null} onClick={() => show(bytes, part - 1)}>
          Before
        </Button>
        <span aria-live="polite">
          {bytes.length === 0
            ? 'no bytes'
            : `${start.toLocaleString('en-US')} to ${Math.max(start, end - 1).toLocaleString('en-US')} of ${bytes.length.toLocaleString('en-US')}`}
        </span>
        <Button disabled={part >= last || problem !== null} onClick={() => show(bytes, part + 1)}>
          After
        </Button>
      </div>
      <div className={css.hexSides}>
        <Textarea
          data-autofocus
          className={css.hexField ?? ''}
          aria-label={`Bytes of ${column} from ${start} on, hexadecimal`}
          value={typed}
          error={says && <span role="alert">{says}</span>}
          spellCheck={false}
          onChange={({ currentTarget }) => type(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && problem === null) onKeep()
          }}
        />
        <pre className={css.letters} aria-label="The same bytes as letters">
          {hexDump(bytes.subarray(start, end))
            .split('\n')
            .map((line) => line.slice(60))
            .join('\n')}
        </pre>
      </div>
      <p className={css.note}>
        Digits may stand in any number of lines. Bytes that are added or taken out move those behind them.
      </p>
      <div className={css.buttons}>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="filled" title="Ctrl+Enter" disabled={problem !== null} onClick={onKeep}>
          Keep bytes
        </Button>
      </div>
    </Modal>
  )
}

// One column of the row that is looked at: its name, its type, what it holds, and a field to change it.
import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import { isSecret, type Cell } from '../../../shared/cell.ts'
import type { Reference } from '../../../shared/table-structure.ts'
import type { Column } from '../../../shared/tables.ts'
import { copyText, isPadded, look, newSecretWords, storedWords, truthOf } from '../../grid/cell-show.ts'
import { parseCell } from '../../grid/cell-text.ts'
import { cellAddress, cellShown, unsetWords, type GridLine } from '../../grid/grid-line.ts'
import { lineBreaksOf, withLineBreaks } from '../../grid/line-breaks.ts'
import { choicesIn, HEX_LIMIT } from '../../grid/typed-text.ts'
import { cellRefusal, stageCell, startEdit, surroundings } from '../table-edits.ts'
import type { TableModel } from '../table-model.ts'
import { UnseenWords } from './unseen-words.tsx'
import css from './inspector.module.css'

interface InspectorFieldProps {
  model: TableModel
  line: GridLine
  column: Column
  index: number
  /** The whole value of a cell that was cut; undefined before it was read. */
  whole: Cell | undefined
  isCurrent: boolean
  reference: Reference | undefined
}

export function InspectorField({ model, line, column, index, whole, isCurrent, reference }: InspectorFieldProps) {
  const shown = cellShown(line, column, index)
  const isCut = shown?.cutLength !== undefined
  const value = isCut ? whole : shown?.cell
  const error = model.state.cellErrors.get(cellAddress(line.id, column.name)) ?? null
  const refusal = cellRefusal(model, line, column)
  const original = line.row?.cut.has(index) ? whole : undefined
  const stage = (next: Cell): string | null => stageCell(model, line, index, next, original)
  const open = () => {
    const at = model.indexOf({ id: line.id, rank: null })
    if (at === null) return
    model.moveTo(at, column.name)
    void startEdit(model)
  }
  return (
    <section className={css.field} data-current={isCurrent || undefined} data-staged={shown?.isStaged || undefined}>
      <div className={css.fieldHead}>
        <h3 className={css.name}>{column.name}</h3>
        <span className={css.type}>{column.type === '' ? 'no declared type' : column.type}</span>
        {shown?.isStaged && <span className={css.mark}>edited</span>}
      </div>
      {isSecret(value) ? (
        <p className={css.quiet}>
          {shown?.isStaged ? newSecretWords(value) : `A password hash (${value.secret}). It stays in the database.`}
        </p>
      ) : isCut && whole === undefined ? (
        <p className={css.quiet}>The whole value is being read…</p>
      ) : (
        <Value
          // A value that comes from elsewhere (undo, a save) replaces what stands in the field.
          key={
            value === undefined
              ? 'unset'
              : `${typeof value} ${value instanceof Uint8Array ? value.length : String(value)}`
          }
          model={model}
          line={line}
          column={column}
          index={index}
          value={value}
          refusal={refusal}
          error={error}
          stage={stage}
          open={open}
        />
      )}
      <p className={css.notes}>{notesOf(column, reference).join(' · ')}</p>
    </section>
  )
}

interface ValueProps extends Pick<InspectorFieldProps, 'model' | 'line' | 'column' | 'index'> {
  value: Cell | undefined
  refusal: string | null
  error: string | null
  stage: (value: Cell) => string | null
  open: () => void
}

function Value({ model, line, column, index, value, refusal, error, stage, open }: ValueProps) {
  const bytes = value instanceof Uint8Array && value.length > HEX_LIMIT
  const truth = truthOf(value, column)
  const stored =
    truth !== null ? String(truth) : value === undefined || value === null || bytes ? '' : (copyText(value) ?? '')
  const [draft, setDraft] = useState(stored)
  const [problem, setProblem] = useState<string | null>(null)
  const keep = () => {
    if (draft === stored) return
    const parsed = parseCell(withLineBreaks(draft, lineBreaksOf(stored)), column, surroundings(model, line, index))
    setProblem('error' in parsed ? parsed.error : stage(parsed.value))
  }
  const set = (next: Cell) => setProblem(stage(next))
  const says = problem ?? error
  const words = value === undefined ? unsetWords(column) : value === null ? 'NULL' : value === '' ? 'empty text' : ''
  const choices = choicesIn(column)
  const canBeEmpty = column.kind === 'text' && 'value' in parseCell('', column, surroundings(model, line, index))
  return (
    <>
      {bytes ? (
        <p className={css.bytes}>{look(value).text}</p>
      ) : (
        <Textarea
          size="xs"
          aria-label={column.name}
          aria-description={[words, storedWords(value, column)].filter(Boolean).join('. ') || undefined}
          autosize
          minRows={1}
          maxRows={14}
          value={draft}
          placeholder={words}
          readOnly={refusal !== null}
          title={refusal ?? undefined}
          spellCheck={false}
          error={says && <span role="alert">{says}</span>}
          onChange={({ currentTarget }) => {
            setDraft(currentTarget.value)
            setProblem(null)
          }}
          onBlur={keep}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && draft !== stored) {
              event.preventDefault()
              setDraft(stored)
              setProblem(null)
            } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey || isShort(stored, column))) {
              event.preventDefault()
              keep()
            }
          }}
        />
      )}
      {!bytes && truth === null && <UnseenWords text={draft} isPadded={isPadded(column)} />}
      {refusal === null && (
        <div className={css.tools}>
          {column.isNullable && value !== null && <Small label="NULL" onClick={() => set(null)} />}
          {value !== '' && canBeEmpty && <Small label="Empty text" onClick={() => set('')} />}
          {(bytes || column.codec?.kind === 'moment') && <Small label="Edit in the table…" onClick={open} />}
          {choices.map((choice) => (
            <Small key={choice} label={choice} onClick={() => set(choice)} />
          ))}
        </div>
      )}
    </>
  )
}

/** Enter keeps a value of one line, and is a line break in a longer text. */
function isShort(text: string, { kind, codec }: Column): boolean {
  return codec !== null || !['text', 'other'].includes(kind) || (text.length < 80 && !/[\r\n]/.test(text))
}

function Small({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button size="compact-xs" variant="subtle" onClick={onClick}>
      {label}
    </Button>
  )
}

function notesOf(column: Column, reference: Reference | undefined): string[] {
  return [
    column.keyPosition > 0 ? 'primary key' : '',
    column.isNullable ? 'NULL allowed' : 'NOT NULL',
    column.isGenerated ? 'computed by the database' : column.isAutomatic ? 'given by the database' : '',
    column.isBarred ? 'the login has no right to change it' : '',
    column.default === null ? '' : `default ${column.default}`,
    column.maxLength === null ? '' : `up to ${column.maxLength.toLocaleString('en-US')} characters`,
    column.encoding?.words ?? '',
    reference ? `points to ${reference.table}` : '',
  ].filter(Boolean)
}

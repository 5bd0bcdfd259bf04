// One row of the grid: its number, its marks and its cells.
import { Check, Minus } from 'lucide-react'
import { memo } from 'react'
import { isSecret, type ShownCell } from '../../shared/cell.ts'
import type { Column, Change } from '../../shared/tables.ts'
import { inWords, isPadded, lineOf, look, newSecretWords, storedWords, truthOf, valueInWords } from './cell-show.ts'
import { foreignWords } from './cell-text.ts'
import { CellEditor, type EditorHost } from './cell-editor.tsx'
import { cellAddress, cellShown, unsetWords, type CellShown } from './grid-line.ts'
import css from './grid.module.css'
import type { GridRow } from './row-blocks.ts'
import { choicesIn } from './typed-text.ts'
import { withSigns, type Shown } from './unseen.ts'
import type { GridColumn } from './use-grid-columns.ts'

export interface RowEditing {
  column: string
  text: string
  isWhole: boolean
  wasNull: boolean
  error: string | null
}

interface RowProps {
  gridId: string
  /** Position among all lines, from 0. */
  index: number
  /** The row's number among the stored rows, from 1; null for a new row. */
  number: number | null
  id: string
  row: GridRow | undefined
  change: Change | undefined
  columns: readonly GridColumn[]
  currentColumn: string | null
  isSelected: boolean
  isSaving: boolean
  /** Messages by `cellAddress`. */
  errors: ReadonlyMap<string, string>
  editing: RowEditing | null
  /** The row is in the lower half: words about a cell stand above it. */
  isLow: boolean
  host: EditorHost
}

export const Row = memo(PlainRow, isSameRow)

/** Columns are worked out anew with every scroll; a row is drawn again only when one of them has another place. */
function isSameRow(before: RowProps, after: RowProps): boolean {
  const { columns: a, ...beforeRest } = before
  const { columns: b, ...afterRest } = after
  const isSame = Object.entries(beforeRest).every(([name, value]) =>
    Object.is(value, afterRest[name as keyof typeof afterRest]),
  )
  return isSame && a.length === b.length && a.every((column, at) => isSamePlace(column, b[at]))
}

function isSamePlace(a: GridColumn, b: GridColumn | undefined): boolean {
  return (
    a.column === b?.column &&
    a.position === b.position &&
    a.start === b.start &&
    a.size === b.size &&
    a.isPinned === b.isPinned
  )
}

function PlainRow(props: RowProps) {
  const { gridId, index, number, id, row, change, columns, currentColumn, isSelected, isSaving } = props
  const mark = change && { insert: 'new', update: 'edited', delete: 'deleted' }[change.kind]
  return (
    <div
      role="row"
      className={css.row}
      aria-rowindex={index + 2}
      aria-selected={isSelected || undefined}
      aria-busy={isSaving || undefined}
      data-line={index}
      data-mark={mark}
      data-current={currentColumn !== null || undefined}
      data-selected={isSelected || undefined}
      data-saving={isSaving || undefined}
    >
      <div role="rowheader" aria-colindex={1} className={css.margin} data-margin title={marginTitle(mark)}>
        {number === null ? 'new' : number.toLocaleString('en-US')}
      </div>
      {columns.map((place) => {
        const { column } = place
        const shown = cellShown({ id, row, change }, column, place.index)
        const editing = props.editing?.column === column.name ? props.editing : null
        const error = props.errors.get(cellAddress(id, column.name))
        return (
          <div
            key={column.name}
            role="gridcell"
            id={`${gridId}-${index}-${place.index}`}
            className={css.cell}
            style={{ left: place.start, width: place.size }}
            aria-colindex={place.position + 2}
            aria-selected={currentColumn === column.name}
            aria-invalid={error !== undefined || undefined}
            data-column={column.name}
            data-pinned={place.isPinned || undefined}
            aria-description={stateWords(props, place, shown, error)}
            data-number={isNumber(column, shown) || undefined}
            data-staged={shown?.isStaged || undefined}
            data-error={error !== undefined || undefined}
            data-editing={editing !== null || undefined}
            title={editing ? undefined : (error ?? cellTitle(props, place, shown))}
          >
            {editing ? (
              <CellEditor
                label={column.name}
                text={editing.text}
                isWhole={editing.isWhole}
                placeholder={editing.wasNull ? 'NULL' : ''}
                error={editing.error}
                isAbove={props.isLow}
                choices={choicesIn(column)}
                shape={column.codec?.kind === 'moment' ? column.codec.shape : null}
                isAtEnd={place.start > (columns.at(-1)?.start ?? 0) / 2}
                host={props.host}
              />
            ) : (
              <CellText column={column} shown={shown} />
            )}
          </div>
        )
      })}
    </div>
  )
}

/** What a screen reader says of a cell beside its value: its column where one stands, and what is staged or wrong. */
function stateWords(
  { change, currentColumn }: RowProps,
  { column }: GridColumn,
  shown: CellShown | undefined,
  error: string | undefined,
): string | undefined {
  const words = [
    currentColumn === column.name ? column.name : '',
    change?.kind === 'insert' ? 'new row' : change?.kind === 'delete' ? 'row marked for deletion' : '',
    shown?.isStaged && change?.kind === 'update' ? 'edited, not saved yet' : '',
    error === undefined ? '' : `invalid: ${error}`,
  ]
  return words.filter(Boolean).join(', ') || undefined
}

/** Numbers stand at the right: also those that a server sends as text, and SQLite's, whatever their column was declared. */
function isNumber(column: Column, shown: CellShown | undefined): boolean {
  if (column.codec?.kind === 'boolean') return false
  if (typeof shown?.cell === 'bigint' || typeof shown?.cell === 'number' || column.codec?.kind === 'number') return true
  return ['integer', 'real', 'decimal'].includes(column.kind)
}

function marginTitle(mark: string | undefined): string | undefined {
  if (mark === 'new') return 'New row, not saved yet'
  if (mark === 'edited') return 'Edited, not saved yet'
  return mark === 'deleted' ? 'Deleted when the changes are saved' : undefined
}

function cellTitle({ row, change }: RowProps, place: GridColumn, shown: CellShown | undefined): string | undefined {
  if (!shown) return undefined
  const { column, index } = place
  if (shown.isStaged && column.isSecret) {
    const stored = row ? ` Stored: ${inWords(row.cells[index] ?? null)}` : ''
    return `${newSecretWords(shown.cell)} Not saved yet.${stored}`
  }
  if (shown.isStaged && change?.kind === 'update') {
    const original = change.original[column.name] ?? null
    const stored = storedWords(original, column)
    const now = storedWords(shown.cell, column)
    const written = now === null ? '' : ` ${now.replace('Stored', 'It will be stored')}.`
    return `Not saved yet.${written} Stored: ${valueInWords(original, column)}${stored === null ? '' : ` (${stored.replace('Stored as ', '')})`}`
  }
  if (isSecret(shown.cell)) return `A password hash (${shown.cell.secret}). It stays in the database.`
  const cut = row?.cut.get(index)
  if (cut !== undefined)
    return `The beginning of ${cut.toLocaleString('en-US')}; the whole value is read when it is opened.`
  if (shown.cell === undefined || shown.cell === null) return undefined
  const stored = storedWords(shown.cell, column) ?? foreignWords(column, shown.cell)
  if (stored !== null) return stored
  if (shown.cell instanceof Uint8Array) return undefined
  const text = String(shown.cell)
  return text.length > 12
    ? text
        .slice(0, 400)
        .split('\n')
        .map((part) => withSigns(part))
        .join('\n')
    : undefined
}

function CellText({ column, shown }: { column: Column; shown: CellShown | undefined }) {
  if (!shown) return <span className={css.pending} aria-label="Row not read yet" />
  if (shown.cell === undefined) {
    const words = unsetWords(column)
    return (
      <span className={css.text} data-tone={words === 'required' ? 'required' : words === 'NULL' ? 'null' : 'unset'}>
        {words}
      </span>
    )
  }
  const isOn = truthOf(shown.cell, column)
  if (isOn !== null) {
    return (
      <span className={`${css.flag} ${css.text}`} data-on={isOn}>
        {isOn ? <Check size={14} strokeWidth={2.6} aria-hidden /> : <Minus size={14} aria-hidden />}
        {isOn ? 'true' : 'false'}
      </span>
    )
  }
  const { tone, text } = look(shown.cell, shown.cutLength)
  const isCut = shown.cutLength !== undefined
  const isForeign = !isSecret(shown.cell) && foreignWords(column, shown.cell) !== null
  return (
    <span className={css.text} data-tone={isForeign ? 'foreign' : tone}>
      {isText(shown.cell) ? signed(lineOf(shown.cell, { isCut, isPadded: isPadded(column) })) : text}
    </span>
  )
}

const isText = (cell: ShownCell): cell is string => typeof cell === 'string' && cell !== ''

function signed(parts: readonly Shown[]) {
  return parts.map(({ text, isSign }, index) =>
    isSign ? (
      <span key={index} className={css.sign}>
        {text}
      </span>
    ) : (
      text
    ),
  )
}

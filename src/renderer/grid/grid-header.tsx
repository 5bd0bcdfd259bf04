// The header of the grid: names, the sort, and handles to drag widths and order.
import { ArrowDown, ArrowUp, ChevronDown, CircleAlert, KeyRound, Pin } from 'lucide-react'
import { useState, type DragEvent } from 'react'
import { inWords } from '../../shared/codecs.ts'
import type { Column, Sort } from '../../shared/tables.ts'
import css from './grid.module.css'
import { HEADER_HEIGHT } from './grid-scroll.ts'
import type { GridColumn } from './use-grid-columns.ts'

interface HeaderProps {
  columns: readonly GridColumn[]
  sort: Sort | null
  onSort: (column: string) => void
  onMove: (column: string, before: string) => void
  /** Chooses the whole column; `isMore` draws on from what is chosen. */
  onChoose: (column: string, isMore: boolean) => void
  /** Shows the commands of the column at a place of the window. */
  onMenu: (column: string, x: number, y: number) => void
}

const DRAGGED = 'application/x-roster-column'

export function GridHeader({ columns, sort, onSort, onMove, onChoose, onMenu }: HeaderProps) {
  const [target, setTarget] = useState<string | null>(null)
  const isColumn = (event: DragEvent) => event.dataTransfer.types.includes(DRAGGED)
  return (
    <div role="row" aria-rowindex={1} className={css.header} style={{ height: HEADER_HEIGHT }}>
      <div role="columnheader" aria-colindex={1} aria-label="Row" className={css.corner} />
      {columns.map(({ column, position, start, size, isPinned, header }) => {
        const direction = sort?.column === column.name ? sort.direction : null
        const Arrow = direction === 'asc' ? ArrowUp : ArrowDown
        return (
          <div
            key={column.name}
            role="columnheader"
            aria-colindex={position + 2}
            aria-sort={sortWord(column, direction)}
            className={css.head}
            style={{ left: start, width: size }}
            data-header={column.name}
            data-pinned={isPinned || undefined}
            data-number={isNumber(column) || undefined}
            data-drop={target === column.name || undefined}
            title={describe(column)}
            draggable
            onClick={(event) => {
              if (event.ctrlKey || event.metaKey) onChoose(column.name, event.shiftKey)
              else if (!column.isSecret) onSort(column.name)
            }}
            onDragStart={(event) => {
              // A drag that begins at the edge changes the width.
              if (header.column.getIsResizing()) return event.preventDefault()
              event.dataTransfer.setData(DRAGGED, column.name)
              event.dataTransfer.effectAllowed = 'move'
            }}
            onDragOver={(event) => {
              if (!isColumn(event)) return
              event.preventDefault()
              setTarget(column.name)
            }}
            onDragLeave={() => setTarget(null)}
            onDrop={(event) => {
              event.preventDefault()
              setTarget(null)
              const name = event.dataTransfer.getData(DRAGGED)
              if (name && name !== column.name) onMove(name, column.name)
            }}
          >
            {column.keyPosition > 0 && <KeyRound size={12} className={css.headIcon} aria-hidden />}
            <span className={css.headName}>{column.name}</span>
            {isUnclear(column) && (
              <CircleAlert size={12} className={css.headAlert} aria-label="written in several ways" />
            )}
            {direction && <Arrow size={14} className={css.headSort} aria-hidden />}
            {isPinned && <Pin size={11} className={css.headIcon} aria-label="pinned" />}
            {/* The keys have a command of their own: every header in the order of Tab would be a long way. */}
            <button
              type="button"
              tabIndex={-1}
              className={css.headMenu}
              aria-label={`Commands of ${column.name}`}
              aria-haspopup="menu"
              draggable
              onDragStart={(event) => {
                event.preventDefault()
                event.stopPropagation()
              }}
              onClick={(event) => {
                event.stopPropagation()
                const box = event.currentTarget.getBoundingClientRect()
                onMenu(column.name, box.left, box.bottom)
              }}
            >
              <ChevronDown size={13} aria-hidden />
            </button>
            <div
              className={css.sizer}
              data-active={header.column.getIsResizing() || undefined}
              aria-hidden
              draggable
              onDragStart={(event) => {
                event.preventDefault()
                event.stopPropagation()
              }}
              onClick={(event) => event.stopPropagation()}
              onMouseDown={header.getResizeHandler()}
              onTouchStart={header.getResizeHandler()}
              onDoubleClick={() => header.column.resetSize()}
            />
          </div>
        )
      })}
    </div>
  )
}

function sortWord({ isSecret }: Column, direction: 'asc' | 'desc' | null) {
  if (isSecret) return undefined
  return direction === null ? 'none' : direction === 'asc' ? 'ascending' : 'descending'
}

/** A column of booleans or dates that is written in several ways, or in none that is known. */
function isUnclear({ codec, encoding }: Column): boolean {
  return encoding !== null && codec === null && encoding.basis !== 'chosen'
}

function isNumber({ kind, codec }: Column): boolean {
  if (codec?.kind === 'boolean') return false
  return kind === 'integer' || kind === 'real' || kind === 'decimal'
}

/** How the column is written, and how sure that is. */
function writtenWords({ name, codec, encoding }: Column): string {
  if (!encoding) return ''
  if (encoding.basis === 'chosen') return `By choice, written as ${codec ? inWords(codec) : 'it is typed'}.`
  if (codec === null) return `${encoding.words} Choose how ${name} is written in the menu of a cell.`
  return encoding.basis === 'type' ? `Written as ${inWords(codec)}.` : encoding.words
}

/** What is known of a column, for its tooltip. */
export function describe(column: Column): string {
  const facts = [
    column.type === '' ? 'no declared type' : column.type,
    column.keyPosition > 0 ? 'primary key' : '',
    column.isNullable ? 'NULL allowed' : 'NOT NULL',
    column.default === null ? '' : `default ${column.default}`,
    column.isGenerated ? 'generated' : '',
    column.isIndexed ? 'indexed' : 'no index: sorting reads the whole table',
  ]
  const use = column.isSecret
    ? 'Password hashes are not sorted. Ctrl+click to choose, drag to move.'
    : 'Click to sort, Ctrl+click to choose, drag to move.'
  const written = writtenWords(column)
  return [column.name, facts.filter(Boolean).join(' · '), written, use].filter(Boolean).join('\n')
}

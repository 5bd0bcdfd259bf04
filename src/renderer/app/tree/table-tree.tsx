// The tree of schemas, tables and views in the sidebar: filtered by name, walked by keys, drawn only where it is in sight.
import { ActionIcon, TextInput, Tooltip, VisuallyHidden } from '@mantine/core'
import { ChevronRight, Database, Eye, RefreshCw, Search, Table2 } from 'lucide-react'
import { useMemo, useRef, useState, type KeyboardEvent } from 'react'
import type { TableEntry } from '../../../shared/table-structure.ts'
import { entryWords, foundWords, rowsShort } from './entry-words.ts'
import { useFolds } from './folds.ts'
import { parentOf, rowAfter, treeRows, type TreeRow } from './tree-rows.ts'
import { useWindow } from './use-window.ts'
import { bytes } from '../../ui/wording.ts'
import css from './table-tree.module.css'

/** Pixels of a row; the style sheet has the same. */
const ROW = 24
/** Fewer than this are found at a glance: no field to filter them. */
const FEW = 8

interface TableTreeProps {
  profileId: string
  /** What the tree shows; what stands above it is left out. */
  entries: readonly TableEntry[]
  /** The table that is open, or null. */
  openTable: string | null
  isReading: boolean
  onOpen: (table: string) => void
  onReload: () => void
}

export function TableTree({ profileId, entries, openTable, isReading, onOpen, onReload }: TableTreeProps) {
  const [typed, setTyped] = useState('')
  const [folds, fold] = useFolds(profileId)
  const rows = useMemo(() => treeRows(entries, folds, typed), [entries, folds, typed])
  const [currentId, setCurrent] = useState<string | null>(null)
  const tree = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const seen = useWindow(tree, rows.length, ROW)
  const found = rows.findIndex(({ id }) => id === currentId)
  const opened = rows.findIndex(({ entry }) => entry !== null && entry.name === openTable)
  const at = Math.max(0, found >= 0 ? found : opened)
  const tables = typed === '' ? entries.length : rows.filter(({ entry }) => entry !== null).length

  const moveTo = (index: number) => {
    const row = rows[index]
    if (!row) return
    setCurrent(row.id)
    reveal(tree.current, index)
  }
  const choose = (row: TreeRow | undefined) => {
    if (!row) return
    setCurrent(row.id)
    if (row.entry) onOpen(row.entry.name)
    else fold(row.id, row.isOpen !== true)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const row = rows[at]
    const next = rowAfter(event.key, rows, at, seen.page)
    const parent = parentOf(rows, at)
    // Letters narrow the list, as in any list of files.
    const isLetter = Array.from(event.key).length === 1 && event.key !== ' ' && field.current !== null
    if (next !== null) moveTo(next)
    else if (event.key === 'ArrowRight' && row?.isOpen === false) fold(row.id, true)
    else if (event.key === 'ArrowRight' && row?.isOpen) moveTo(at + 1)
    else if (event.key === 'ArrowLeft' && row?.isOpen && typed === '') fold(row.id, false)
    else if (event.key === 'ArrowLeft' && parent !== null) moveTo(parent)
    else if (event.key === 'Enter' || event.key === ' ') choose(row)
    else if (isLetter) {
      setTyped(typed + event.key)
      field.current?.focus()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  const onFieldKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && typed !== '') setTyped('')
    else if (event.key === 'ArrowDown') tree.current?.focus()
    else if (event.key === 'Enter') choose(rows.find(({ entry }) => entry !== null))
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div className={css.box}>
      <div className={css.head}>
        <div className={css.heading}>
          <span>Tables and views</span>
          <Tooltip label="Read the list again">
            <ActionIcon size={20} aria-label="Read the list of tables again" loading={isReading} onClick={onReload}>
              <RefreshCw size={12} />
            </ActionIcon>
          </Tooltip>
        </div>
        {entries.length >= FEW && (
          <TextInput
            ref={field}
            className={css.field ?? ''}
            aria-label="Filter tables and views"
            placeholder="Filter"
            leftSection={<Search size={12} aria-hidden />}
            rightSection={typed !== '' && <span className={css.found}>{tables}</span>}
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            onKeyDown={onFieldKey}
          />
        )}
        <VisuallyHidden role="status">{typed !== '' && foundWords(tables, entries.length)}</VisuallyHidden>
      </div>
      {rows.length === 0 && <p className={css.nothing}>No name contains “{typed}”.</p>}
      <div
        ref={tree}
        role="tree"
        aria-label="Tables and views"
        aria-activedescendant={rows[at] ? rowId(at) : undefined}
        data-nav
        tabIndex={rows.length === 0 ? -1 : 0}
        className={css.tree}
        style={{ height: rows.length * ROW }}
        onKeyDown={onKeyDown}
      >
        {[...rows.entries()].slice(seen.first, seen.end).map(([index, row]) => (
          <Row
            key={row.id}
            row={row}
            index={index}
            isCurrent={index === at}
            isOpenTable={row.entry !== null && row.entry.name === openTable}
            onChoose={() => choose(row)}
            onFold={() => fold(row.id, row.isOpen !== true)}
          />
        ))}
        {/* Named by aria-activedescendant, so it has to be there, also when it is out of sight. */}
        {rows[at] && (at < seen.first || at >= seen.end) && (
          <Row
            row={rows[at]}
            index={at}
            isCurrent
            isOpenTable={at === opened}
            onChoose={() => choose(rows[at])}
            onFold={() => fold(rows[at]?.id ?? '', rows[at]?.isOpen !== true)}
          />
        )}
      </div>
    </div>
  )
}

const rowId = (index: number) => `tree-row-${index}`

/** Brings a row into sight, whether it is drawn or not: below the field that stays at the top. */
function reveal(tree: HTMLElement | null, index: number): void {
  const mark = document.createElement('div')
  mark.style.position = 'absolute'
  mark.style.top = `${index * ROW}px`
  mark.style.height = `${ROW}px`
  mark.style.scrollMarginTop = '64px'
  tree?.append(mark)
  mark.scrollIntoView({ block: 'nearest' })
  mark.remove()
}

interface RowProps {
  row: TreeRow
  index: number
  isCurrent: boolean
  isOpenTable: boolean
  onChoose: () => void
  onFold: () => void
}

function Row({ row, index, isCurrent, isOpenTable, onChoose, onFold }: RowProps) {
  const { entry, label, level, place, of, isOpen } = row
  const words = entry ? entryWords(entry) : 'Schema'
  const Icon = entry === null ? Database : entry.kind === 'view' ? Eye : Table2
  return (
    <div
      id={rowId(index)}
      role="treeitem"
      aria-label={label}
      aria-description={words || undefined}
      aria-level={level}
      aria-posinset={place}
      aria-setsize={of}
      aria-expanded={isOpen ?? undefined}
      aria-selected={isOpenTable}
      aria-current={isOpenTable ? 'page' : undefined}
      data-current={isCurrent || undefined}
      className={css.row}
      style={{ top: index * ROW, paddingLeft: 8 + (level - 1) * 14 }}
      title={words ? `${entry?.name ?? label}\n${words}` : label}
      onClick={onChoose}
    >
      {isOpen === null ? (
        <Icon size={14} aria-hidden />
      ) : (
        <ChevronRight
          size={14}
          aria-hidden
          className={css.fold}
          data-open={isOpen || undefined}
          onClick={(event) => {
            event.stopPropagation()
            onFold()
          }}
        />
      )}
      <span className={css.name} data-schema={entry === null || undefined}>
        {label}
      </span>
      {entry && (
        <span className={css.facts} aria-hidden>
          <span>{rowsShort(entry)}</span>
          {entry.bytes !== null && <span className={css.size}>{bytes(entry.bytes)}</span>}
        </span>
      )}
    </div>
  )
}

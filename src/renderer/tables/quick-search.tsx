// The search field: rows of which a column, or any column of text, contains what is typed, asked for a moment after the last key.
import { ActionIcon, Menu, TextInput } from '@mantine/core'
import { ChevronDown, Search as SearchIcon, X } from 'lucide-react'
import { useEffect, useRef, useState, type RefObject } from 'react'
import type { Filter } from '../../shared/filters.ts'
import type { Column } from '../../shared/tables.ts'
import { quickOf, withQuick } from './filter/quick.ts'
import css from './table-screen.module.css'

/** Milliseconds without a key before it is searched. */
const PAUSE = 150

function canSearch({ kind, isSecret }: Column): boolean {
  return !isSecret && kind !== 'binary'
}

interface QuickSearchProps {
  columns: readonly Column[]
  filter: Filter | null
  onFilter: (filter: Filter | null) => void
  field: RefObject<HTMLInputElement | null>
}

export function QuickSearch({ columns, filter, onFilter, field }: QuickSearchProps) {
  const quick = quickOf(filter)
  /** Null for any column of text. */
  const [column, setColumn] = useState(quick?.column ?? null)
  const [text, setText] = useState(quick?.text ?? '')
  const [known, setKnown] = useState(quick)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef(filter)
  useEffect(() => {
    latest.current = filter
  }, [filter])
  useEffect(() => () => clearTimeout(timer.current), [])
  // It was changed elsewhere: cleared with the filter, or left to go to a row.
  if (known?.condition !== quick?.condition) {
    setKnown(quick)
    setText(quick?.text ?? '')
  }
  const searchable = columns.filter(canSearch)
  if (searchable.length === 0) return null

  const ask = (name: string | null, sought: string, pause: number) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      // The view's filter as it is then: it may have changed since the key.
      const next = withQuick(latest.current, name, sought)
      setKnown(quickOf(next))
      onFilter(next)
    }, pause)
  }
  const label = column === null ? 'Search all text' : `Search ${column}`
  const type = (sought: string) => {
    setText(sought)
    ask(column, sought, PAUSE)
  }
  const clear = () => {
    setText('')
    ask(column, '', 0)
    field.current?.focus()
  }

  return (
    <div className={css.search}>
      <TextInput
        ref={field}
        className={css.searchField ?? ''}
        type="text"
        aria-label={label}
        placeholder={label}
        title="Ctrl+F"
        maxLength={500}
        value={text}
        leftSection={<SearchIcon size={14} />}
        rightSection={
          text !== '' && (
            <ActionIcon aria-label="Clear" onClick={clear}>
              <X size={14} />
            </ActionIcon>
          )
        }
        spellCheck={false}
        onChange={({ currentTarget }) => type(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && text !== '') {
            event.stopPropagation()
            clear()
          } else if (event.key === 'Enter') ask(column, text, 0)
        }}
      />
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon
            size={28}
            aria-label="Choose the column to search"
            title={column === null ? 'Searching all text' : `Searching ${column}`}
          >
            <ChevronDown size={14} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Search in</Menu.Label>
          {[null, ...searchable.map(({ name }) => name)].map((name) => (
            <Menu.Item
              key={name ?? ''}
              aria-current={name === column || undefined}
              fw={name === column ? 600 : 400}
              onClick={() => {
                setColumn(name)
                if (text !== '') ask(name, text, 0)
                field.current?.focus()
              }}
            >
              {name ?? 'All text'}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}

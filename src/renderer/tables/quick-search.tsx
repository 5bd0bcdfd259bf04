// The search field: rows whose column contains the text, asked for a moment after the last key.
import { ActionIcon, Menu, TextInput } from '@mantine/core'
import { ChevronDown, Search as SearchIcon, X } from 'lucide-react'
import { useEffect, useRef, useState, type RefObject } from 'react'
import type { Column, Search } from '../../shared/tables.ts'
import css from './table-screen.module.css'

/** Milliseconds without a key before it is searched. */
const PAUSE = 150

/** The column that is searched unless another is chosen: the email, else the first text. */
export function searchColumn(columns: readonly Column[]): string | null {
  const searchable = columns.filter(canSearch)
  const email = searchable.find(({ name }) => name.toLowerCase() === 'email')
  const text = searchable.find(({ kind }) => kind === 'text')
  return (email ?? text ?? searchable[0])?.name ?? null
}

function canSearch({ kind, isSecret }: Column): boolean {
  return !isSecret && kind !== 'binary'
}

interface QuickSearchProps {
  columns: readonly Column[]
  search: Search | null
  onSearch: (search: Search | null) => void
  field: RefObject<HTMLInputElement | null>
}

export function QuickSearch({ columns, search, onSearch, field }: QuickSearchProps) {
  const [column, setColumn] = useState(() => search?.column ?? searchColumn(columns))
  const [text, setText] = useState(search?.text ?? '')
  const [known, setKnown] = useState(search)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  // The search was changed elsewhere: cleared by "Clear search", or left to go to a row.
  if (known !== search) {
    setKnown(search)
    setText(search?.text ?? '')
  }
  if (column === null) return null

  const ask = (name: string, sought: string, pause: number) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      const next = sought === '' ? null : { column: name, text: sought }
      setKnown(next)
      onSearch(next)
    }, pause)
  }
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
        aria-label={`Search ${column}`}
        placeholder={`Search ${column}`}
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
          <ActionIcon size={28} aria-label="Choose the column to search" title={`Searching ${column}`}>
            <ChevronDown size={14} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Search in</Menu.Label>
          {columns.filter(canSearch).map(({ name }) => (
            <Menu.Item
              key={name}
              aria-current={name === column || undefined}
              fw={name === column ? 600 : 400}
              onClick={() => {
                setColumn(name)
                if (text !== '') ask(name, text, 0)
                field.current?.focus()
              }}
            >
              {name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}

// The entries of one folder as a list box: arrows move, Enter opens, Backspace goes up, typing jumps.
import { Database, File, Folder } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import type { FolderEntry } from '../../shared/app.ts'
import { bytes, moment } from './wording.ts'
import { typeAhead } from './folder-view.ts'
import css from './file-dialog.module.css'

/** Letters typed within this many milliseconds of each other belong together. */
const TYPING_PAUSE = 800
const PAGE = 12

interface FileListProps {
  entries: readonly FolderEntry[]
  /** Index of the chosen entry; -1 for none. */
  active: number
  onActive: (index: number) => void
  onEnter: (entry: FolderEntry) => void
  onUp: () => void
}

export function FileList({ entries, active, onActive, onEnter, onUp }: FileListProps) {
  const list = useRef<HTMLDivElement>(null)
  const typed = useRef({ text: '', at: 0 })

  useEffect(() => {
    const chosen = list.current?.querySelector('[aria-selected="true"]')
    if (chosen) chosen.scrollIntoView({ block: 'nearest' })
    else list.current?.scrollTo({ top: 0 })
  }, [active, entries])

  const move = (index: number) => {
    if (entries.length > 0) onActive(Math.min(Math.max(index, 0), entries.length - 1))
  }
  const jump = (letter: string, at: number) => {
    const text = at - typed.current.at < TYPING_PAUSE ? typed.current.text + letter : letter
    typed.current = { text, at }
    const index = typeAhead(entries, active, text)
    if (index >= 0) onActive(index)
  }
  const keys: Record<string, () => void> = {
    ArrowDown: () => move(active + 1),
    ArrowUp: () => move(active - 1),
    PageDown: () => move(active + PAGE),
    PageUp: () => move(active - PAGE),
    Home: () => move(0),
    End: () => move(entries.length - 1),
    Backspace: onUp,
    Enter: () => {
      const entry = entries[active]
      if (entry) onEnter(entry)
    },
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const act = keys[event.key]
    if (act) {
      typed.current = { text: '', at: 0 }
      act()
    } else if (event.key.length === 1) jump(event.key, event.timeStamp)
    else return
    event.preventDefault()
  }
  return (
    <div
      ref={list}
      className={css.list}
      role="listbox"
      aria-label="Files"
      tabIndex={0}
      data-autofocus
      aria-activedescendant={active >= 0 ? `file-${active}` : undefined}
      onKeyDown={onKeyDown}
    >
      {entries.map((entry, index) => (
        <div
          key={entry.path}
          id={`file-${index}`}
          role="option"
          aria-selected={index === active}
          aria-label={entry.name}
          className={css.row}
          data-dim={(entry.kind === 'file' && !entry.isSqlite) || undefined}
          onClick={() => onActive(index)}
          onDoubleClick={() => onEnter(entry)}
        >
          <EntryIcon entry={entry} />
          <span className={css.name}>{entry.name}</span>
          <span className={css.mark}>{entry.isSqlite ? 'SQLite' : ''}</span>
          <span className={css.size}>{entry.kind === 'file' ? bytes(entry.size) : ''}</span>
          <span className={css.modified}>{moment(entry.modifiedAt)}</span>
        </div>
      ))}
    </div>
  )
}

function EntryIcon({ entry }: { entry: FolderEntry }) {
  if (entry.kind === 'folder') return <Folder size={15} className={css.folderIcon} aria-hidden />
  if (entry.isSqlite) return <Database size={15} className={css.databaseIcon} aria-hidden />
  return <File size={15} aria-hidden />
}

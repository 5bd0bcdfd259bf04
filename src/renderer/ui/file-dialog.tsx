// The browser door's file dialog: it lists folders of the machine that Roster runs on; what is chosen is the file, or the
// folder, itself.
import { Button, Checkbox, Loader, Modal, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { ArrowUp } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import type { Folder, FolderEntry } from '../../shared/app.ts'
import { api } from '../api.ts'
import { wordsOf } from './call-error.ts'
import { FileList } from './file-list.tsx'
import { crumbs, shownEntries } from './folder-view.ts'
import { useReturnFocus } from './use-return-focus.ts'
import css from './file-dialog.module.css'

const LAST_FOLDER = 'roster-folder'

interface FileDialogProps {
  title: string
  /** What is chosen here. Files are listed beside folders all the same: a folder is recognised by what lies in it. */
  wants?: 'file' | 'folder'
  /** What is done with it, for the button. */
  verb?: string
  /** Names that begin with a dot are listed from the beginning. */
  isHiddenShown?: boolean
  /** Takes the path; what it rejects with is shown, and another can be chosen. */
  onFile: (path: string) => Promise<void>
  onClose: () => void
}

export function FileDialog(props: FileDialogProps) {
  const { title, wants = 'file', verb = 'Open', isHiddenShown = false, onFile, onClose } = props
  useReturnFocus()
  // Undefined is the home folder. Of two readings only the later one answers.
  const { mutate: read, ...reading } = useMutation({
    mutationFn: (path: string | undefined) => api.app.listFolder(path === undefined ? {} : { path }),
  })
  const adding = useMutation({ mutationFn: onFile })
  const [folder, setFolder] = useState<Folder | null>(null)
  const [active, setActive] = useState(-1)
  const [typed, setTyped] = useState<string | null>(null)
  const [withHidden, setWithHidden] = useState(isHiddenShown)
  const entries = useMemo(() => shownEntries(folder?.entries ?? [], withHidden), [folder, withHidden])
  const chosen = entries[active]
  const pointed = wants === 'folder' && chosen?.kind === 'file' ? undefined : chosen
  const path = typed ?? pointed?.path ?? folder?.path ?? ''
  const problem = adding.error ?? reading.error

  const show = (next: Folder) => {
    setFolder(next)
    setActive(-1)
    setTyped(null)
    adding.reset()
    sessionStorage.setItem(LAST_FOLDER, next.path)
  }
  const enterFolder = (target: string | undefined) => {
    // Going up leaves the folder one came from chosen.
    const from = folder?.path
    read(target, {
      onSuccess: (next) => {
        show(next)
        setActive(shownEntries(next.entries, withHidden).findIndex((entry) => entry.path === from))
      },
    })
  }
  const add = (file: string) => adding.mutate(file)
  const enter = (entry: FolderEntry) => {
    if (entry.kind === 'folder') enterFolder(entry.path)
    else if (wants === 'file') add(entry.path)
  }
  const openPath = () => {
    if (wants === 'folder') return add(path.trim())
    const known = entries.find((entry) => entry.path === path)
    if (known) return enter(known)
    // What was typed may be a folder or a file; the message about a file is the one that helps.
    read(path.trim(), { onSuccess: show, onError: () => add(path.trim()) })
  }
  const choose = (index: number) => {
    setActive(index)
    setTyped(null)
    adding.reset()
  }

  useEffect(() => {
    const last = sessionStorage.getItem(LAST_FOLDER) ?? undefined
    read(last, { onSuccess: setFolder, onError: () => read(undefined, { onSuccess: setFolder }) })
  }, [read])

  return (
    <Modal opened onClose={onClose} title={title} size={860} padding={0} classNames={{ header: css.header }}>
      <div className={css.body}>
        <div className={css.roots} role="group" aria-label="Places">
          {folder?.roots.map((root) => (
            <button
              key={root.path}
              type="button"
              className={css.root}
              title={root.path}
              aria-current={root.path === folder.path || undefined}
              onClick={() => enterFolder(root.path)}
            >
              {root.name}
            </button>
          ))}
        </div>
        <div className={css.files}>
          <div className={css.crumbs}>
            <Button
              className={css.up}
              aria-label="Folder above"
              disabled={!folder?.parent}
              onClick={() => enterFolder(folder?.parent ?? undefined)}
            >
              <ArrowUp size={14} />
            </Button>
            {folder &&
              crumbs(folder).map((crumb, index, all) => (
                <span key={crumb.path} className={css.crumb}>
                  {index > 0 && <span aria-hidden>/</span>}
                  <button
                    type="button"
                    aria-current={index === all.length - 1 ? 'location' : undefined}
                    onClick={() => enterFolder(crumb.path)}
                  >
                    {crumb.name}
                  </button>
                </span>
              ))}
            {(reading.isPending || adding.isPending) && <Loader size={14} ml="auto" />}
          </div>
          <div className={css.columns} aria-hidden>
            <span className={css.name}>Name</span>
            <span className={css.size}>Size</span>
            <span className={css.modified}>Modified</span>
          </div>
          {/* There before its folder is read, so that the dialog can give it the focus. */}
          <FileList
            entries={entries}
            active={active}
            onActive={choose}
            onEnter={enter}
            onUp={() => folder?.parent && enterFolder(folder.parent)}
          />
          {folder && entries.length === 0 && <p className={css.empty}>Nothing to show in this folder.</p>}
          {folder?.isCut && (
            <p className={css.cut}>Only the first 2,000 entries are listed. A full path can be typed below.</p>
          )}
        </div>
      </div>
      <form
        className={css.foot}
        onSubmit={(event) => {
          event.preventDefault()
          openPath()
        }}
      >
        {problem && !reading.isPending && !adding.isPending && (
          <p className={css.problem} role="alert">
            {wordsOf(problem).message} {wordsOf(problem).hint}
          </p>
        )}
        <div className={css.controls}>
          <TextInput
            className={css.field}
            aria-label="Path"
            placeholder={wants === 'folder' ? 'Full path of a folder' : 'Full path of a file or folder'}
            spellCheck={false}
            value={path}
            // The path of the first folder arrives in a moment; it would fall into what is being typed.
            readOnly={folder === null && !reading.isError}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Checkbox
            size="xs"
            label="Hidden files"
            checked={withHidden}
            onChange={(event) => {
              setWithHidden(event.currentTarget.checked)
              setActive(-1)
            }}
          />
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" disabled={path.trim() === ''} loading={adding.isPending}>
            {verb}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

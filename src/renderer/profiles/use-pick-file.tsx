// Lets the person choose a file and answers with its path: the native dialog in a window, the served one in a browser.
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { api } from '../api.ts'
import { FileDialog } from '../ui/file-dialog.tsx'
import { aboutQuery } from './profiles-queries.ts'

/** `key`: a certificate, a private key, or a list of authorities. */
export type PickWhat = 'database' | 'settings' | 'key'

interface PickFile {
  /** Null when nothing was chosen. */
  pick: (what: PickWhat) => Promise<string | null>
  /** A dialog of the page is open. */
  isPicking: boolean
  /** To be drawn somewhere; nothing while no dialog is open. */
  dialog: ReactNode
}

const titles: Record<PickWhat, string> = {
  database: 'Choose a SQLite file',
  settings: 'Read settings from a .env file',
  key: 'Choose a certificate or a key',
}

export function usePickFile(): PickFile {
  const client = useQueryClient()
  const [asked, setAsked] = useState<{ what: PickWhat; answer: (path: string | null) => void } | null>(null)
  const pick = async (what: PickWhat) => {
    const { host } = await client.ensureQueryData(aboutQuery)
    if (host === 'desktop') {
      const { path } = await pickNatively(what)
      return path
    }
    return new Promise<string | null>((resolve) => {
      const answer = (path: string | null) => {
        setAsked(null)
        resolve(path)
      }
      setAsked({ what, answer })
    })
  }
  const dialog = asked && (
    <FileDialog
      title={titles[asked.what]}
      verb="Choose"
      // ".env" and "~/.ssh"
      isHiddenShown={asked.what !== 'database'}
      onClose={() => asked.answer(null)}
      onFile={(path) => Promise.resolve(asked.answer(path))}
    />
  )
  return { pick, isPicking: asked !== null, dialog }
}

function pickNatively(what: PickWhat): Promise<{ path: string | null }> {
  if (what === 'database') return api.app.pickFile()
  return what === 'settings' ? api.profiles.pickSettings() : api.profiles.pickKeyFile()
}

// Lets the person choose a file and answers with its path: the native dialog in a window, the served one in a browser.
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { api } from '../api.ts'
import { FileDialog } from '../ui/file-dialog.tsx'
import { aboutQuery } from './profiles-queries.ts'

type What = 'database' | 'settings'

interface PickFile {
  /** Null when nothing was chosen. */
  pick: (what: What) => Promise<string | null>
  /** To be drawn somewhere; nothing while no dialog is open. */
  dialog: ReactNode
}

const titles = { database: 'Choose a SQLite file', settings: 'Read settings from a .env file' }

export function usePickFile(): PickFile {
  const client = useQueryClient()
  const [asked, setAsked] = useState<{ what: What; answer: (path: string | null) => void } | null>(null)
  const pick = async (what: What) => {
    const { host } = await client.ensureQueryData(aboutQuery)
    if (host === 'desktop') {
      const { path } = await (what === 'database' ? api.app.pickFile() : api.profiles.pickSettings())
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
      isHiddenShown={asked.what === 'settings'}
      onClose={() => asked.answer(null)}
      onFile={(path) => Promise.resolve(asked.answer(path))}
    />
  )
  return { pick, dialog }
}

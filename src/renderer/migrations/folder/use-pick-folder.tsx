// Lets the person choose the migrations folder: the native dialog in a window, the served one in a browser.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { api } from '../../api.ts'
import { FileDialog } from '../../ui/file-dialog.tsx'
import { aboutQuery } from './folder-calls.ts'

interface PickFolder {
  pick: () => void
  isBusy: boolean
  /** Why it was not taken, or null. The served dialog shows its own refusals. */
  error: unknown
  /** To be drawn somewhere; nothing while no dialog is open. */
  dialog: ReactNode
}

/** `take` uses the folder; what it rejects with is shown. */
export function usePickFolder(take: (path: string) => Promise<unknown>): PickFolder {
  const client = useQueryClient()
  const [isListing, setListing] = useState(false)
  const picking = useMutation({
    mutationFn: async () => {
      const { host } = await client.ensureQueryData(aboutQuery)
      if (host === 'browser') return setListing(true)
      const { path } = await api.migrations.pickFolder()
      if (path !== null) await take(path)
    },
  })
  const dialog = isListing && (
    <FileDialog
      wants="folder"
      title="Choose a folder of migrations"
      verb="Choose"
      onClose={() => setListing(false)}
      onFile={async (path) => {
        await take(path)
        setListing(false)
      }}
    />
  )
  return { pick: () => picking.mutate(), isBusy: picking.isPending, error: picking.error, dialog }
}

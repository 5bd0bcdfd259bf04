// "Open a SQLite file": the native dialog in a window, the served file dialog in a browser.
import { Button, Group, Modal, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useCallback, useState, type ReactNode } from 'react'
import type { Profile } from '../../shared/profiles.ts'
import { api } from '../api.ts'
import { wordsOf } from '../ui/call-error.ts'
import { FileDialog } from '../ui/file-dialog.tsx'
import { useReturnFocus } from '../ui/use-return-focus.ts'
import { aboutQuery, useAddFile } from './profiles-queries.ts'

interface OpenFile {
  open: () => void
  /** Opens a file that the system handed over. */
  openPath: (path: string) => void
  isBusy: boolean
  /** To be drawn somewhere; nothing while no dialog is open. */
  dialog: ReactNode
}

export function useOpenFile(onAdded: (profile: Profile) => void): OpenFile {
  const client = useQueryClient()
  const adding = useAddFile()
  const [isListing, setListing] = useState(false)
  const opening = useMutation({
    mutationFn: async (given?: string) => {
      if (given !== undefined) return onAdded(await adding.mutateAsync(given))
      const { host } = await client.ensureQueryData(aboutQuery)
      if (host === 'browser') return setListing(true)
      const { path } = await api.app.pickFile()
      if (path !== null) onAdded(await adding.mutateAsync(path))
    },
  })
  const dialog = isListing ? (
    <FileDialog
      title="Open a SQLite file"
      onClose={() => setListing(false)}
      onFile={async (path) => {
        const profile = await adding.mutateAsync(path)
        setListing(false)
        onAdded(profile)
      }}
    />
  ) : (
    opening.error && <Refused error={opening.error} onClose={opening.reset} onAgain={() => opening.mutate(undefined)} />
  )
  const { mutate } = opening
  const open = useCallback(() => mutate(undefined), [mutate])
  return { open, openPath: mutate, isBusy: opening.isPending, dialog }
}

function Refused({ error, onClose, onAgain }: { error: unknown; onClose: () => void; onAgain: () => void }) {
  useReturnFocus()
  const { message, hint } = wordsOf(error)
  return (
    <Modal opened onClose={onClose} title="The file was not opened" size={480}>
      <Text role="alert">{message}</Text>
      {hint && (
        <Text c="dimmed" mt="xs">
          {hint}
        </Text>
      )}
      <Group justify="flex-end" gap="sm" mt="lg">
        <Button onClick={onClose}>Close</Button>
        <Button variant="filled" onClick={onAgain}>
          Choose another file
        </Button>
      </Group>
    </Modal>
  )
}

// Making and editing profiles: which dialog is open, and what leads from one to the next.
import { Button, Group, Modal, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import type { Dialect, Profile, SettingsPreview, SettingsSource } from '../../shared/profiles.ts'
import { wordsOf } from '../ui/call-error.ts'
import { useReturnFocus } from '../ui/use-return-focus.ts'
import { emptyValues, valuesOfDraft, valuesOfProfile, type FormValues } from './form-values.ts'
import { ProfileForm } from './profile-form.tsx'
import { secretStorageQuery, useReadSettings } from './profiles-queries.ts'
import { SettingsDialog } from './settings-dialog.tsx'
import { usePickFile } from './use-pick-file.tsx'

type Open =
  | { kind: 'form'; initial: FormValues; profile: Profile | null; imported: { id: string; from: string } | null }
  | { kind: 'preview'; preview: SettingsPreview; from: string }
  | { kind: 'refused'; error: unknown }

interface ProfileEditor {
  make: (dialect: Dialect) => void
  edit: (profile: Profile) => void
  /** Reads settings and shows what was understood. */
  readEnvironment: () => void
  readFile: () => void
  dialog: ReactNode
}

/** `stagedOf` counts the staged changes of a profile. */
export function useProfileEditor(
  onSaved: (profile: Profile, isNew: boolean) => void,
  stagedOf: (profileId: string) => number,
): ProfileEditor {
  const client = useQueryClient()
  const [open, setOpen] = useState<Open | null>(null)
  const picking = usePickFile()
  const reading = useReadSettings()
  const close = () => setOpen(null)

  const make = async (dialect: Dialect) => {
    const storage = await client.ensureQueryData(secretStorageQuery).catch(() => undefined)
    const initial = emptyValues(dialect, storage?.state === 'ready' ? 'keychain' : 'ask')
    setOpen({ kind: 'form', initial, profile: null, imported: null })
  }
  const read = (source: SettingsSource) =>
    reading.mutate(source, {
      onSuccess: (preview) =>
        setOpen({ kind: 'preview', preview, from: source.kind === 'file' ? source.path : 'the environment of Roster' }),
      onError: (error) => setOpen({ kind: 'refused', error }),
    })
  const readFile = async () => {
    try {
      const path = await picking.pick('settings')
      if (path !== null) read({ kind: 'file', path })
    } catch (error) {
      setOpen({ kind: 'refused', error })
    }
  }
  const take = ({ draft, imported, values }: SettingsPreview, file: string | null) => {
    if (!draft) return
    const source = values.find(({ setting }) => setting === 'Password')?.source ?? ''
    const initial = valuesOfDraft({ ...draft, ...(file !== null && { file }) })
    setOpen({
      kind: 'form',
      initial,
      profile: null,
      imported: imported === null ? null : { id: imported, from: source },
    })
  }

  const dialog = (
    <>
      {open?.kind === 'form' && (
        <ProfileForm
          initial={open.initial}
          profile={open.profile}
          imported={open.imported}
          staged={open.profile ? stagedOf(open.profile.id) : 0}
          onPickFile={() => picking.pick('database')}
          onClose={close}
          onSaved={(profile) => {
            close()
            onSaved(profile, open.profile === null)
          }}
        />
      )}
      {open?.kind === 'preview' && (
        <SettingsDialog
          preview={open.preview}
          from={open.from}
          onClose={close}
          onTake={(file) => take(open.preview, file)}
        />
      )}
      {open?.kind === 'refused' && <Refused error={open.error} onClose={close} />}
      {/* Last, so that it lies above the form that asked for a file. */}
      {picking.dialog}
    </>
  )
  return {
    make: (dialect) => void make(dialect),
    edit: (profile) => setOpen({ kind: 'form', initial: valuesOfProfile(profile), profile, imported: null }),
    readEnvironment: () => read({ kind: 'environment' }),
    readFile: () => void readFile(),
    dialog,
  }
}

function Refused({ error, onClose }: { error: unknown; onClose: () => void }) {
  useReturnFocus()
  const { message, hint } = wordsOf(error)
  return (
    <Modal opened onClose={onClose} title="No settings were read" size={480}>
      <Text role="alert">{message}</Text>
      {hint && (
        <Text c="dimmed" mt="xs">
          {hint}
        </Text>
      )}
      <Group justify="flex-end" mt="lg">
        <Button onClick={onClose} data-autofocus>
          Close
        </Button>
      </Group>
    </Modal>
  )
}

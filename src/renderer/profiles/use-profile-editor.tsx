// Making and editing profiles: which dialog is open, and what leads from one to the next.
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import type { Dialect, Profile, SettingsPreview } from '../../shared/profiles.ts'
import { emptyValues, type FormValues } from './form/form-values.ts'
import { ProfileForm } from './form/profile-form.tsx'
import { valuesOfDraft, valuesOfProfile } from './form/values-of.ts'
import { ImportDialog } from './import/import-dialog.tsx'
import { secretStorageQuery } from './profiles-queries.ts'
import { usePickFile } from './use-pick-file.tsx'

type Open =
  | { kind: 'form'; initial: FormValues; profile: Profile | null; imported: { id: string; from: string } | null }
  | { kind: 'import' }

interface ProfileEditor {
  make: (dialect: Dialect) => void
  edit: (profile: Profile) => void
  /** Reads settings, shows what was understood, and fills the form with them. */
  importSettings: () => void
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
  const close = () => setOpen(null)

  const make = async (dialect: Dialect) => {
    const storage = await client.ensureQueryData(secretStorageQuery).catch(() => undefined)
    const initial = emptyValues(dialect, storage?.state === 'ready' ? 'keychain' : 'ask')
    setOpen({ kind: 'form', initial, profile: null, imported: null })
  }
  const take = ({ draft, imported, values }: SettingsPreview, file: string | null) => {
    if (!draft) return
    const source = values.find(({ setting }) => setting === 'Password')?.source ?? ''
    const from = source === 'connection string' ? `the ${source}` : source
    const initial = valuesOfDraft({ ...draft, ...(file !== null && { file }) })
    setOpen({
      kind: 'form',
      initial,
      profile: null,
      imported: imported === null ? null : { id: imported, from },
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
          onPickFile={picking.pick}
          isPicking={picking.isPicking}
          onClose={close}
          onSaved={(profile) => {
            close()
            onSaved(profile, open.profile === null)
          }}
        />
      )}
      {open?.kind === 'import' && (
        <ImportDialog onPickFile={picking.pick} isPicking={picking.isPicking} onClose={close} onTake={take} />
      )}
      {/* Last, so that it lies above the form that asked for a file. */}
      {picking.dialog}
    </>
  )
  return {
    make: (dialect) => void make(dialect),
    edit: (profile) => setOpen({ kind: 'form', initial: valuesOfProfile(profile), profile, imported: null }),
    importSettings: () => setOpen({ kind: 'import' }),
    dialog,
  }
}

// What a person does with the form: typing, testing, saving; and which messages stand at which fields.
import { useState, useRef } from 'react'
import type { Profile } from '../../../shared/profiles.ts'
import { loginRole } from '../../../shared/connections.ts'
import { isAbort, wordsOf } from '../../ui/call-error.ts'
import { useSaveProfile, useTestSettings, type Filled } from '../profiles-queries.ts'
import { idOf, type FormState } from './form-fields.tsx'
import { hasSecret, SECRET_FIELDS, type ErrorPlace, type FieldErrors, type FormValues } from './form-values.ts'
import { settingsOf } from './settings-of.ts'

interface ProfileFormOptions {
  initial: FormValues
  profile: Profile | null
  /** The id of the settings that were read, whose password the host has. */
  importedId: string | null
  onSaved: (profile: Profile) => void
}

export function useProfileForm({ initial, profile, importedId, onSaved }: ProfileFormOptions) {
  const [values, setValues] = useState(initial)
  const [errors, setErrors] = useState<FieldErrors>({})
  const saving = useSaveProfile()
  const testing = useTestSettings()
  const running = useRef<AbortController | null>(null)

  const change = (next: Partial<FormValues>) => {
    setValues((before) => ({ ...before, ...next }))
    // A message goes when its field is touched; the result of a test was about other values.
    setErrors((before) => Object.fromEntries(Object.entries(before).filter(([place]) => !isTouched(place, next))))
    testing.reset()
    saving.reset()
  }
  const form: FormState = { values, errors, change }

  const showErrors = (next: FieldErrors) => {
    setErrors(next)
    const wrong = Object.keys(next).map((place) => `#${idOf(place as ErrorPlace)}`)
    document.querySelector<HTMLElement>(wrong.join(', ') || '#none')?.focus()
  }
  /** Undefined, with the messages at their fields, when something is wrong. */
  const fill = (from: FormValues): (Filled & { profileId?: string }) | undefined => {
    const result = settingsOf(from)
    if ('errors' in result) {
      showErrors(result.errors)
      return undefined
    }
    // Messages of fields that are no longer there go as well.
    setErrors({})
    return {
      settings: result.settings,
      ...typedPasswords(from),
      ...(importedId !== null && { imported: importedId }),
      ...(profile && { profileId: profile.id }),
    }
  }
  const onError = (error: unknown) => {
    const place = placeOf(error, values)
    if (place) showErrors({ [place]: wordsOf(error).message })
  }
  const save = () => {
    const filled = fill(values)
    if (filled) saving.mutate(filled, { onSuccess: onSaved, onError })
  }
  /** `from`: values that were changed just now. */
  const test = (from = values) => {
    const filled = fill(from)
    if (!filled) return
    running.current = new AbortController()
    testing.mutate({ ...filled, signal: running.current.signal }, { onError })
  }
  const problem = [saving.error, testing.error].find((error) => error && !placeOf(error, values) && !isAbort(error))
  return {
    form,
    save,
    test,
    stopTest: () => running.current?.abort(),
    isSaving: saving.isPending,
    isTesting: testing.isPending,
    tested: testing.data,
    problem,
    hasErrors: Object.values(errors).some((message) => message !== undefined),
  }
}

function isTouched(place: string, next: Partial<FormValues>): boolean {
  return place in next || (place.startsWith('node-') && 'nodes' in next)
}

/** Those of logins that the form shows; an empty field leaves what is stored. */
function typedPasswords(values: FormValues): Pick<Filled, PasswordField> {
  const typed: Partial<Record<PasswordField, string>> = {}
  for (const role of loginRole.options) {
    const { kind, password } = SECRET_FIELDS[role]
    const isAsked = values[kind] === 'ask' || values[kind] === 'keychain'
    if (hasSecret(values, role) && isAsked && values[password] !== '') typed[password] = values[password]
  }
  return typed
}

type PasswordField = (typeof SECRET_FIELDS)[keyof typeof SECRET_FIELDS]['password']

/** The field that the host refused, when it is one: by its name, or by the path that stands in it. */
function placeOf(error: unknown, values: FormValues): string | null {
  const { code } = wordsOf(error)
  const { data } = error as { data?: { field?: string; path?: string } }
  if (code === 'FIELD_REFUSED') return data?.field ?? null
  if (code !== 'FOLDER_REFUSED' || data?.path === undefined) return null
  const paths = ['file', 'caFile', 'certificateFile', 'keyFile', 'sshKeyFile', 'jumpKeyFile'] as const
  return paths.find((field) => values[field].trim() === data.path) ?? null
}

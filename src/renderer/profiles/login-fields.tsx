// Where a login's password is: the choices that this machine has, and the field that goes with the choice.
import type { SecretStorage } from '../../shared/app.ts'
import { Choice, Secret, Text, type FormState } from './form-fields.tsx'
import type { SecretKind } from './form-values.ts'
import css from './profile-form.module.css'

interface LoginFieldsProps {
  form: FormState
  role: 'runtime' | 'schema'
  /** Undefined while it is not known. */
  storage: SecretStorage | undefined
  /** A password is stored for this login already. */
  isStored: boolean
  /** A password was read with the settings, from here. */
  importedFrom: string | null
}

const words: Record<SecretKind, string> = {
  keychain: 'The keychain',
  environment: 'An environment variable',
  ask: 'Ask each time',
  none: 'Nowhere: there is none',
}

export function LoginFields({ form, role, storage, isStored, importedFrom }: LoginFieldsProps) {
  const names =
    role === 'runtime'
      ? ({ user: 'user', kind: 'secretKind', variable: 'variable', password: 'password' } as const)
      : ({
          user: 'schemaUser',
          kind: 'schemaSecretKind',
          variable: 'schemaVariable',
          password: 'schemaPassword',
        } as const)
  const kind = form.values[names.kind]
  const hasKeychain = storage?.state === 'ready'
  // What is chosen already stays in the list, so that nothing changes by being looked at.
  const kinds = (['keychain', 'environment', 'ask', 'none'] as const).filter(
    (each) => each !== 'keychain' || hasKeychain || kind === 'keychain',
  )
  return (
    <>
      <Text form={form} field={names.user} label="User" className={css.half} maxLength={128} />
      <Choice
        form={form}
        field={names.kind}
        label="Where its password is"
        options={kinds.map((value) => ({ value, label: words[value] }))}
      />
      {kind === 'environment' && (
        <Text
          form={form}
          field={names.variable}
          label="Name of the variable"
          className={css.half}
          maxLength={200}
          description="Read at every connection, from the environment that Roster was started with."
        />
      )}
      {(kind === 'keychain' || kind === 'ask') && (
        <Secret
          form={form}
          field={names.password}
          label={role === 'runtime' ? 'Password' : 'Password for migrations'}
          placeholder={placeholder(kind, isStored, importedFrom)}
        />
      )}
      {role === 'runtime' && storage && !hasKeychain && <p className={css.hint}>{whyNoKeychain(storage)}</p>}
    </>
  )
}

function placeholder(kind: SecretKind, isStored: boolean, importedFrom: string | null): string {
  if (importedFrom !== null) return `Taken from ${importedFrom}`
  if (isStored) return kind === 'keychain' ? 'Stored; empty keeps it' : 'Known until closed'
  return kind === 'keychain' ? '' : 'Not stored; may stay empty'
}

function whyNoKeychain({ state }: SecretStorage): string {
  return state === 'none'
    ? 'In a browser, Roster reaches no keychain. A password stays in an environment variable, or is asked for each time.'
    : 'The keychain of this system does not answer, so no password can be stored. Unlock it, or choose another place.'
}

// Where a password or a passphrase is: the choices that this machine has, and the field that goes with the choice.
import type { SecretStorage } from '../../../shared/app.ts'
import type { LoginRole } from '../../../shared/connections.ts'
import { Choice, Secret, Text, type FormState } from './form-fields.tsx'
import { SECRET_FIELDS, type SecretKind } from './form-values.ts'
import css from './profile-form.module.css'

export interface SecretContext {
  /** Undefined while it is not known. */
  storage: SecretStorage | undefined
  /** Which passwords are stored already; undefined for a new profile. */
  stored: Readonly<Record<LoginRole, boolean>> | undefined
  /** Where the login's password was read with the settings, or null. */
  importedFrom: string | null
}

interface SecretFieldsProps extends SecretContext {
  form: FormState
  role: LoginRole
  /** A passphrase opens a key, and there may well be none. */
  isPassphrase?: boolean
}

const words: Record<SecretKind, string> = {
  keychain: 'The keychain',
  environment: 'An environment variable',
  ask: 'Ask each time',
  none: 'Nowhere: there is none',
}

const whereLabels: Record<LoginRole, string> = {
  runtime: 'Where its password is',
  schema: 'Where its password is',
  ssh: 'Where the SSH password is',
  jump: 'Where the jump host’s password is',
  certificate: 'Where the passphrase of the key is',
}

const secretLabels: Record<LoginRole, string> = {
  runtime: 'Password',
  schema: 'Password for migrations',
  ssh: 'SSH password',
  jump: 'Password of the jump host',
  certificate: 'Passphrase of the key',
}

export function SecretFields({ form, role, isPassphrase = false, storage, stored, importedFrom }: SecretFieldsProps) {
  const fields = SECRET_FIELDS[role]
  const kind = form.values[fields.kind]
  const hasKeychain = storage?.state === 'ready'
  // What is chosen already stays in the list, so that nothing changes by being looked at.
  const kinds = (['keychain', 'environment', 'ask', 'none'] as const).filter(
    (each) => each !== 'keychain' || hasKeychain || kind === 'keychain',
  )
  const asPassphrase = (label: string) => (isPassphrase ? label.replace('password', 'passphrase') : label)
  const label = secretLabels[role]
  const imported = role === 'runtime' ? importedFrom : null
  return (
    <>
      <Choice
        form={form}
        field={fields.kind}
        label={asPassphrase(whereLabels[role])}
        options={kinds.map((value) => ({ value, label: words[value] }))}
      />
      {kind === 'environment' && (
        <Text
          form={form}
          field={fields.variable}
          label={role === 'runtime' || role === 'schema' ? 'Name of the variable' : `Variable with it`}
          className={css.half}
          maxLength={200}
          description="Read at every connection, from the environment that Roster was started with."
        />
      )}
      {(kind === 'keychain' || kind === 'ask') && (
        <Secret
          form={form}
          field={fields.password}
          label={isPassphrase ? label.replace('password', 'passphrase').replace('Password', 'Passphrase') : label}
          placeholder={placeholder(kind, stored?.[role] ?? false, imported)}
          isWhole={imported !== null}
        />
      )}
    </>
  )
}

function placeholder(kind: SecretKind, isStored: boolean, importedFrom: string | null): string {
  if (importedFrom !== null) return `Taken from ${importedFrom}`
  if (isStored) return kind === 'keychain' ? 'Stored; empty keeps it' : 'Known until closed'
  return kind === 'keychain' ? '' : 'Not stored; may stay empty'
}

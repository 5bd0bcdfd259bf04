// Who logs in to the database, and where the password is.
import type { SecretStorage } from '../../../shared/app.ts'
import { Text, type FormState } from './form-fields.tsx'
import css from './profile-form.module.css'
import { SecretFields, type SecretContext } from './secret-fields.tsx'

interface LoginFieldsProps {
  form: FormState
  role: 'runtime' | 'schema'
  secrets: SecretContext
}

export function LoginFields({ form, role, secrets }: LoginFieldsProps) {
  const { storage } = secrets
  return (
    <>
      <Text
        form={form}
        field={role === 'runtime' ? 'user' : 'schemaUser'}
        label="User"
        className={css.half}
        maxLength={128}
      />
      <SecretFields form={form} role={role} {...secrets} />
      {role === 'runtime' && storage && storage.state !== 'ready' && (
        <p className={css.hint}>{whyNoKeychain(storage)}</p>
      )}
    </>
  )
}

function whyNoKeychain({ state }: SecretStorage): string {
  return state === 'none'
    ? 'In a browser, Roster reaches no keychain. A password stays in an environment variable, or is asked for each time.'
    : 'The keychain of this system does not answer, so no password can be stored. Unlock it, or choose another place.'
}

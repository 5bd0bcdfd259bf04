// How the connection is encrypted, what is checked of the server, and the certificates that go with it.
import type { TlsMode } from '../../../shared/reaching.ts'
import { FETCH_SERVER_KEY_LABEL } from '../../../shared/profiles.ts'
import { FileField, type Pick } from './file-field.tsx'
import { Choice, Flag, Group, type FormState } from './form-fields.tsx'
import { asksForKey } from './form-values.ts'
import { PinList } from './pin-list.tsx'
import css from './profile-form.module.css'
import { SecretFields, type SecretContext } from './secret-fields.tsx'

const modes: Record<TlsMode, { label: string; what: string }> = {
  off: {
    label: 'Off',
    what: 'Nothing is encrypted: whoever is on the way can read and change everything.',
  },
  require: {
    label: 'Require',
    what: 'Keeps out whoever only listens. Whoever answers is believed, so somebody on the way can pose as the server.',
  },
  'verify-ca': {
    label: 'Verify CA',
    what: 'The certificate must come from a trusted authority. Another server of the same authority could pose as this one.',
  },
  verify: {
    label: 'Verify full',
    what: 'The authority and the name are checked: nobody on the way can read, change or pose as the server.',
  },
}

interface EncryptionSectionProps {
  form: FormState
  secrets: SecretContext
  onPick: Pick
}

export function EncryptionSection({ form, secrets, onPick }: EncryptionSectionProps) {
  const { values } = form
  const isVerified = values.tls === 'verify' || values.tls === 'verify-ca'
  return (
    <Group title="Encryption">
      <Choice
        form={form}
        field="tls"
        label="TLS"
        className={css.whole}
        options={(['off', 'require', 'verify-ca', 'verify'] as const).map((value) => ({
          value,
          label: modes[value].label,
        }))}
        description={`${modes[values.tls].what}${values.tls === 'off' ? '' : ' There is no falling back to less.'}`}
      />
      {asksForKey(values) && (
        <Flag
          form={form}
          field="fetchServerKey"
          label={FETCH_SERVER_KEY_LABEL}
          description="For MySQL 8 without TLS, which asks for the password itself at a user’s first login after a start. Whoever sits in between, or listens in the server’s place, can hand out a key of their own and read the password."
        />
      )}
      {isVerified && (
        <FileField
          form={form}
          field="caFile"
          label="Authority (CA file)"
          what="key"
          placeholder="The authorities that the system trusts"
          onPick={onPick}
        />
      )}
      {values.tls !== 'off' && (
        <Flag form={form} field="hasCertificate" label="Show the server a certificate of this client" />
      )}
      {values.tls !== 'off' && values.hasCertificate && (
        <>
          <FileField form={form} field="certificateFile" label="Client certificate" what="key" onPick={onPick} />
          <FileField form={form} field="keyFile" label="Key of the certificate" what="key" onPick={onPick} />
          <SecretFields form={form} role="certificate" isPassphrase {...secrets} />
        </>
      )}
      <PinList form={form} />
    </Group>
  )
}

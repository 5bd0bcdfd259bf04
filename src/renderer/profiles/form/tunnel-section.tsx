// The SSH machine that the server is reached through, and the jump host before it.
import type { SshLogin } from '../../../shared/reaching.ts'
import { FileField, type Pick } from './file-field.tsx'
import { Choice, Flag, Group, Text, type FormState } from './form-fields.tsx'
import { HOP_FIELDS, SECRET_FIELDS, type FormValues } from './form-values.ts'
import { KnownKey } from './known-key.tsx'
import css from './profile-form.module.css'
import { SecretFields, type SecretContext } from './secret-fields.tsx'

interface TunnelSectionProps {
  form: FormState
  secrets: SecretContext
  onPick: Pick
}

export function TunnelSection(props: TunnelSectionProps) {
  const { form } = props
  const { hasSsh, hasJump } = form.values
  return (
    <Group title="SSH tunnel">
      <Flag
        form={form}
        field="hasSsh"
        label="Reach the server through SSH"
        {...(hasSsh && {
          description: 'The host of the database is then looked up by the SSH machine: “localhost” is that machine.',
        })}
      />
      {hasSsh && (
        <>
          <HopFields {...props} role="ssh" />
          <Flag form={form} field="hasJump" label="Reach the SSH machine through another one" />
          {hasJump && <HopFields {...props} role="jump" />}
        </>
      )}
    </Group>
  )
}

const labels = {
  ssh: { host: 'SSH host', port: 'SSH port', user: 'SSH user', auth: 'Sign in with', keyFile: 'SSH key file' },
  jump: {
    host: 'Jump host',
    port: 'Jump port',
    user: 'User on the jump host',
    auth: 'Sign in there with',
    keyFile: 'Key file for the jump host',
  },
}

const authWords: Record<SshLogin['auth'], string> = {
  agent: 'the keys of the SSH agent',
  key: 'a key file',
  password: 'a password',
}

function HopFields({ form, role, secrets, onPick }: TunnelSectionProps & { role: 'ssh' | 'jump' }) {
  const fields = HOP_FIELDS[role]
  const words = labels[role]
  const auth = form.values[fields.auth]
  return (
    <>
      <Text form={form} field={fields.host} label={words.host} className={css.wide} maxLength={255} />
      <Text form={form} field={fields.port} label={words.port} className={css.narrow} isNumber />
      <Text form={form} field={fields.user} label={words.user} className={css.half} maxLength={128} />
      <Choice
        form={form}
        field={fields.auth}
        label={words.auth}
        options={(['agent', 'key', 'password'] as const).map((value) => ({ value, label: authWords[value] }))}
        onChoose={(next) => withKind(form.values, role, next)}
      />
      {auth === 'key' && (
        <FileField form={form} field={fields.keyFile} label={words.keyFile} what="key" onPick={onPick} />
      )}
      {auth !== 'agent' && <SecretFields form={form} role={role} isPassphrase={auth === 'key'} {...secrets} />}
      <KnownKey host={form.values[fields.host].trim()} port={Number(form.values[fields.port])} />
    </>
  )
}

/** A password is somewhere; many a key has no passphrase. */
function withKind(values: FormValues, role: 'ssh' | 'jump', auth: SshLogin['auth']): Partial<FormValues> {
  const { kind } = SECRET_FIELDS[role]
  return auth === 'password' && values[kind] === 'none' ? { [kind]: 'ask' } : {}
}

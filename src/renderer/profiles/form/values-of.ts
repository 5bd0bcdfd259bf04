// What a form begins with: the fields of a profile, or of settings that were read.
import type { Profile, SettingsDraft } from '../../../shared/profiles.ts'
import { placeText, type CertificateFiles, type SecretSource, type SshSettings } from '../../../shared/reaching.ts'
import { emptyValues, type FormValues, type SshValues, type TlsValues } from './form-values.ts'

/** Nothing is guessed: what the settings did not say stays empty. */
export function valuesOfDraft(draft: SettingsDraft): FormValues {
  const { secret, port, poolSize, tries, delay, tls, tlsFiles, ssh, nodes, fetchServerKey } = draft
  const empty = emptyValues(draft.dialect, secret?.kind ?? 'ask')
  return {
    ...empty,
    name: draft.name,
    file: draft.file ?? '',
    host: draft.host ?? '',
    database: draft.database ?? '',
    user: draft.user ?? '',
    port: port === undefined ? '' : String(port),
    variable: secret?.kind === 'environment' ? secret.variable : empty.variable,
    tls: tls ?? empty.tls,
    ...filesOf(tlsFiles ?? null),
    ...sshOf(ssh ?? null),
    nodes: (nodes ?? []).map(placeText),
    fetchServerKey: fetchServerKey ?? empty.fetchServerKey,
    poolSize: poolSize === undefined ? '' : String(poolSize),
    tries: tries === undefined ? empty.tries : String(tries),
    delay: delay === undefined ? empty.delay : String(delay),
  }
}

export function valuesOfProfile(profile: Profile): FormValues {
  const { name, environment, colour, isReadOnly, tries, delay, waitForDatabase, waitForMigrations } = profile
  const { migrationsFolder, migrationJournal } = profile
  const common = {
    ...emptyValues(profile.dialect, 'ask'),
    ...{ name, environment, colour, isReadOnly, waitForDatabase, waitForMigrations },
    ...{ migrationsFolder, migrationJournal },
    ...{ tries: String(tries), delay: String(delay) },
  }
  if (profile.dialect === 'sqlite') return { ...common, file: profile.file }
  const { host, port, database, user, secret, schemaLogin, tls, tlsFiles, pins, ssh } = profile
  const { poolSize, cores, spindles } = profile
  const text = (value: number | null) => (value === null ? '' : String(value))
  return {
    ...common,
    ...{ host, port: String(port), database, user, secretKind: secret.kind, tls, pins },
    ...filesOf(tlsFiles),
    ...sshOf(ssh),
    ...(profile.dialect === 'mysql' && {
      fetchServerKey: profile.fetchServerKey,
      nodes: profile.nodes.map(placeText),
    }),
    variable: variableOf(secret) || common.variable,
    ...{ poolSize: text(poolSize), cores: text(cores), spindles: text(spindles) },
    hasSchemaLogin: schemaLogin !== null,
    schemaUser: schemaLogin?.user ?? '',
    schemaSecretKind: schemaLogin?.secret.kind ?? common.schemaSecretKind,
    schemaVariable: schemaLogin ? variableOf(schemaLogin.secret) : '',
  }
}

function filesOf(files: CertificateFiles | null): Partial<TlsValues> {
  if (!files) return {}
  return {
    caFile: files.ca ?? '',
    hasCertificate: files.certificate !== null || files.key !== null,
    certificateFile: files.certificate ?? '',
    keyFile: files.key ?? '',
    certificateSecretKind: files.secret.kind,
    certificateVariable: variableOf(files.secret),
  }
}

function sshOf(ssh: SshSettings | null): Partial<SshValues> {
  if (!ssh) return {}
  const { jump } = ssh
  return {
    ...{ hasSsh: true, sshHost: ssh.host, sshPort: String(ssh.port), sshUser: ssh.user, sshAuth: ssh.auth },
    ...{ sshKeyFile: ssh.keyFile ?? '', sshSecretKind: ssh.secret.kind, sshVariable: variableOf(ssh.secret) },
    ...(jump && {
      ...{ hasJump: true, jumpHost: jump.host, jumpPort: String(jump.port), jumpUser: jump.user, jumpAuth: jump.auth },
      ...{ jumpKeyFile: jump.keyFile ?? '', jumpSecretKind: jump.secret.kind, jumpVariable: variableOf(jump.secret) },
    }),
  }
}

const variableOf = (secret: SecretSource) => (secret.kind === 'environment' ? secret.variable : '')

/** Whether the settings lead to another place or another login than the profile did. */
export function isElsewhere(profile: Profile, values: FormValues): boolean {
  const before = valuesOfProfile(profile)
  const own = ['dialect', 'file', 'host', 'port', 'database', 'hasSsh'] as const
  // "localhost" behind another machine is another database.
  const way = values.hasSsh && before.hasSsh ? (['sshHost', 'sshPort'] as const) : []
  return [...own, ...way].some((field) => before[field] !== values[field])
}

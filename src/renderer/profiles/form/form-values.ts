// What stands in the fields of a profile's form. Numbers are text here: what was typed stays as it was typed.
import type { LoginRole } from '../../../shared/connections.ts'
import {
  DEFAULT_DELAY,
  DEFAULT_PORTS,
  DEFAULT_TRIES,
  type Dialect,
  type Environment,
  type Profile,
  type ProfileColour,
  type SecretSource,
} from '../../../shared/profiles.ts'
import { DEFAULT_SSH_PORT, type Pin, type SshLogin, type TlsMode } from '../../../shared/reaching.ts'

export type SecretKind = SecretSource['kind']

export interface FormValues extends TlsValues, SshValues {
  dialect: Dialect
  name: string
  environment: Environment
  colour: ProfileColour | null
  isReadOnly: boolean
  file: string
  host: string
  port: string
  database: string
  user: string
  secretKind: SecretKind
  variable: string
  /** Empty: unchanged, or none. So are the other passwords. */
  password: string
  hasSchemaLogin: boolean
  schemaUser: string
  schemaSecretKind: SecretKind
  schemaVariable: string
  schemaPassword: string
  /** MySQL without TLS. */
  fetchServerKey: boolean
  /** Further nodes of a cluster, one "host" or "host:port" each; MySQL. */
  nodes: string[]
  /** Empty: by the formula. */
  poolSize: string
  cores: string
  spindles: string
  tries: string
  delay: string
  waitForDatabase: boolean
  waitForMigrations: boolean
  /** Chosen under Migrations, and only kept here. */
  migrationsFolder: string | null
  migrationJournal: Profile['migrationJournal']
}

export interface TlsValues {
  tls: TlsMode
  caFile: string
  /** The client shows a certificate of its own. */
  hasCertificate: boolean
  certificateFile: string
  keyFile: string
  certificateSecretKind: SecretKind
  certificateVariable: string
  certificatePassword: string
  pins: Pin[]
}

export interface SshValues {
  hasSsh: boolean
  sshHost: string
  sshPort: string
  sshUser: string
  sshAuth: SshLogin['auth']
  sshKeyFile: string
  sshSecretKind: SecretKind
  sshVariable: string
  sshPassword: string
  hasJump: boolean
  jumpHost: string
  jumpPort: string
  jumpUser: string
  jumpAuth: SshLogin['auth']
  jumpKeyFile: string
  jumpSecretKind: SecretKind
  jumpVariable: string
  jumpPassword: string
}

export type Field = keyof FormValues
/** A field of the form, or one of the nodes by its place. */
export type ErrorPlace = Field | `node-${number}`
export type FieldErrors = Partial<Record<ErrorPlace, string>>

/** The fields of each password. */
export const SECRET_FIELDS = {
  runtime: { kind: 'secretKind', variable: 'variable', password: 'password' },
  schema: { kind: 'schemaSecretKind', variable: 'schemaVariable', password: 'schemaPassword' },
  ssh: { kind: 'sshSecretKind', variable: 'sshVariable', password: 'sshPassword' },
  jump: { kind: 'jumpSecretKind', variable: 'jumpVariable', password: 'jumpPassword' },
  certificate: {
    kind: 'certificateSecretKind',
    variable: 'certificateVariable',
    password: 'certificatePassword',
  },
} as const satisfies Record<LoginRole, { kind: Field; variable: Field; password: Field }>

/** The fields of an SSH login and of its jump host. */
export const HOP_FIELDS = {
  ssh: { host: 'sshHost', port: 'sshPort', user: 'sshUser', auth: 'sshAuth', keyFile: 'sshKeyFile' },
  jump: { host: 'jumpHost', port: 'jumpPort', user: 'jumpUser', auth: 'jumpAuth', keyFile: 'jumpKeyFile' },
} as const satisfies Record<'ssh' | 'jump', Record<keyof Omit<SshLogin, 'secret'>, Field>>

export function emptyValues(dialect: Dialect, secretKind: SecretKind): FormValues {
  return {
    ...{ dialect, name: '', environment: 'none', colour: null, isReadOnly: false, file: '', host: 'localhost' },
    ...{ port: dialect === 'sqlite' ? '' : String(DEFAULT_PORTS[dialect]), database: '', user: '' },
    ...{ secretKind, variable: 'DB_PASS', password: '', fetchServerKey: false, nodes: [] },
    ...{ hasSchemaLogin: false, schemaUser: '', schemaSecretKind: secretKind, schemaVariable: '', schemaPassword: '' },
    ...{ tls: 'off', caFile: '', hasCertificate: false, certificateFile: '', keyFile: '', pins: [] },
    ...{ certificateSecretKind: 'none', certificateVariable: '', certificatePassword: '' },
    ...{ hasSsh: false, sshHost: '', sshPort: String(DEFAULT_SSH_PORT), sshUser: '', sshAuth: 'agent' },
    ...{ sshKeyFile: '', sshSecretKind: 'none', sshVariable: '', sshPassword: '' },
    ...{ hasJump: false, jumpHost: '', jumpPort: String(DEFAULT_SSH_PORT), jumpUser: '', jumpAuth: 'agent' },
    ...{ jumpKeyFile: '', jumpSecretKind: 'none', jumpVariable: '', jumpPassword: '' },
    ...{ poolSize: '', cores: '', spindles: '', tries: String(DEFAULT_TRIES), delay: String(DEFAULT_DELAY) },
    ...{ waitForDatabase: false, waitForMigrations: false, migrationsFolder: null, migrationJournal: 'table' },
  }
}

/** Another kind of database: its usual port, where the usual one of the last kind stood. */
export function withDialect(values: FormValues, dialect: Dialect): FormValues {
  const usual = values.dialect === 'sqlite' ? '' : String(DEFAULT_PORTS[values.dialect])
  const isUsual = values.port === usual || values.port === ''
  const port = dialect === 'sqlite' ? values.port : isUsual ? String(DEFAULT_PORTS[dialect]) : values.port
  return { ...values, dialect, port }
}

/** Whether the form asks for the consent to use the server's key; over TLS there is no use for it. */
export const asksForKey = ({ dialect, tls }: FormValues) => dialect === 'mysql' && tls === 'off'

/** Whether this login needs a password or a passphrase at all, as the form stands. */
export function hasSecret(values: FormValues, role: LoginRole): boolean {
  if (values.dialect === 'sqlite') return false
  switch (role) {
    case 'runtime':
      return true
    case 'schema':
      return values.hasSchemaLogin
    case 'certificate':
      return values.tls !== 'off' && values.hasCertificate
    case 'ssh':
      return values.hasSsh && values.sshAuth !== 'agent'
    case 'jump':
      return values.hasSsh && values.hasJump && values.jumpAuth !== 'agent'
  }
}

/** (2 x cores) + spindles; null while one of them is not a number. */
export function formulaOf(values: FormValues, machineCores: number): number | null {
  const cores = values.cores.trim() === '' ? machineCores : Number(values.cores)
  const spindles = values.spindles.trim() === '' ? 1 : Number(values.spindles)
  const limit = 2 * cores + spindles
  return Number.isInteger(limit) && cores >= 1 && spindles >= 0 ? limit : null
}

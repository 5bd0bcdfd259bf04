// What stands in the fields of a profile's form, and what it means: settings, or a message for each field that is wrong.
import {
  DEFAULT_DELAY,
  DEFAULT_PORTS,
  DEFAULT_TRIES,
  profileSettings,
  type Dialect,
  type Environment,
  type Profile,
  type ProfileColour,
  type ProfileSettings,
  type SecretSource,
  type SettingsDraft,
} from '../../shared/profiles.ts'

export type SecretKind = SecretSource['kind']

/** Numbers are text here: what was typed stays as it was typed. */
export interface FormValues {
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
  /** Empty: unchanged, or none. */
  password: string
  hasSchemaLogin: boolean
  schemaUser: string
  schemaSecretKind: SecretKind
  schemaVariable: string
  schemaPassword: string
  tls: boolean
  /** MySQL without TLS. */
  fetchServerKey: boolean
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

export type Field = keyof FormValues
export type FieldErrors = Partial<Record<Field, string>>

export function emptyValues(dialect: Dialect, secretKind: SecretKind): FormValues {
  return {
    ...{ dialect, name: '', environment: 'none', colour: null, isReadOnly: false, file: '', host: 'localhost' },
    ...{ port: dialect === 'sqlite' ? '' : String(DEFAULT_PORTS[dialect]), database: '', user: '' },
    ...{ secretKind, variable: 'DB_PASS', password: '', tls: false, fetchServerKey: false },
    ...{ hasSchemaLogin: false, schemaUser: '', schemaSecretKind: secretKind, schemaVariable: '', schemaPassword: '' },
    ...{ poolSize: '', cores: '', spindles: '', tries: String(DEFAULT_TRIES), delay: String(DEFAULT_DELAY) },
    ...{ waitForDatabase: false, waitForMigrations: false, migrationsFolder: null, migrationJournal: 'table' },
  }
}

export function valuesOfDraft(draft: SettingsDraft): FormValues {
  const { secret, port, poolSize, tries, delay, tls } = draft
  const empty = emptyValues(draft.dialect, secret?.kind ?? 'ask')
  return {
    ...empty,
    name: draft.name,
    file: draft.file ?? '',
    // Nothing is guessed: what the settings did not say stays empty.
    host: draft.host ?? '',
    database: draft.database ?? '',
    user: draft.user ?? '',
    port: port === undefined ? '' : String(port),
    variable: secret?.kind === 'environment' ? secret.variable : empty.variable,
    tls: tls === 'verify',
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
  const { host, port, database, user, secret, schemaLogin, tls, poolSize, cores, spindles } = profile
  const text = (value: number | null) => (value === null ? '' : String(value))
  return {
    ...common,
    ...{ host, port: String(port), database, user, secretKind: secret.kind, tls: tls === 'verify' },
    fetchServerKey: profile.dialect === 'mysql' && profile.fetchServerKey,
    variable: secret.kind === 'environment' ? secret.variable : common.variable,
    ...{ poolSize: text(poolSize), cores: text(cores), spindles: text(spindles) },
    hasSchemaLogin: schemaLogin !== null,
    schemaUser: schemaLogin?.user ?? '',
    schemaSecretKind: schemaLogin?.secret.kind ?? common.schemaSecretKind,
    schemaVariable: schemaLogin?.secret.kind === 'environment' ? schemaLogin.secret.variable : '',
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
export const asksForKey = ({ dialect, tls }: FormValues) => dialect === 'mysql' && !tls

/** The settings, or every field that cannot be accepted with the reason. */
export function settingsOf(values: FormValues): { settings: ProfileSettings } | { errors: FieldErrors } {
  const errors: FieldErrors = {}
  const text = (field: 'name' | 'file' | 'host' | 'database' | 'user' | 'schemaUser', what: string): string => {
    const value = field === 'name' || field === 'host' ? values[field].trim() : values[field]
    if (value.trim() === '') errors[field] = `${what} is needed.`
    return value
  }
  const common = {
    name: text('name', 'A name'),
    environment: values.environment,
    colour: values.colour,
    isReadOnly: values.isReadOnly,
    tries: wholeNumber(values, 'tries', 1, 1000, errors),
    delay: number(values, 'delay', 0, 3600, errors),
    waitForDatabase: values.waitForDatabase,
    waitForMigrations: values.waitForMigrations,
    migrationsFolder: values.migrationsFolder,
    migrationJournal: values.migrationJournal,
  }
  const filled =
    values.dialect === 'sqlite'
      ? { ...common, dialect: values.dialect, file: text('file', 'A file') }
      : {
          ...common,
          dialect: values.dialect,
          host: text('host', 'A host'),
          port: wholeNumber(values, 'port', 1, 65_535, errors),
          database: text('database', 'The name of the database'),
          user: text('user', 'A user'),
          secret: secretOf(values.secretKind, values.variable, 'variable', errors),
          schemaLogin: values.hasSchemaLogin
            ? {
                user: text('schemaUser', 'A user'),
                secret: secretOf(values.schemaSecretKind, values.schemaVariable, 'schemaVariable', errors),
              }
            : null,
          tls: values.tls ? 'verify' : 'off',
          // What is not on the screen is not agreed to.
          ...(values.dialect === 'mysql' && { fetchServerKey: asksForKey(values) && values.fetchServerKey }),
          poolSize: values.poolSize.trim() === '' ? null : wholeNumber(values, 'poolSize', 1, 1000, errors),
          cores: values.cores.trim() === '' ? null : wholeNumber(values, 'cores', 1, 1024, errors),
          spindles: values.spindles.trim() === '' ? null : wholeNumber(values, 'spindles', 0, 1024, errors),
        }
  if (/[\s/@\\?#]/.test(values.host.trim()) && values.dialect !== 'sqlite') {
    errors.host ??= 'A host is a name or an address, without blanks, slashes or a user.'
  }
  if (Object.keys(errors).length > 0) return { errors }
  const parsed = profileSettings.safeParse(filled)
  if (parsed.success) return { settings: parsed.data }
  // What the fields above did not catch: lengths.
  for (const { path, message } of parsed.error.issues) errors[fieldOf(path)] = message
  return { errors }
}

function fieldOf(path: PropertyKey[]): Field {
  const [first, second] = path
  if (first === 'schemaLogin') return second === 'user' ? 'schemaUser' : 'schemaVariable'
  return first === 'secret' ? 'variable' : (first as Field)
}

function secretOf(
  kind: SecretKind,
  variable: string,
  field: 'variable' | 'schemaVariable',
  errors: FieldErrors,
): SecretSource {
  if (kind !== 'environment') return { kind }
  const name = variable.trim()
  if (name === '') errors[field] = 'The name of the variable is needed.'
  else if (/[\s=]/.test(name)) errors[field] = 'This is not the name of a variable.'
  return { kind, variable: name }
}

type NumberField = 'port' | 'tries' | 'delay' | 'poolSize' | 'cores' | 'spindles'

function wholeNumber(values: FormValues, field: NumberField, least: number, most: number, errors: FieldErrors): number {
  const value = number(values, field, least, most, errors)
  if (!Number.isInteger(value)) errors[field] = `A whole number from ${least} to ${most} is needed.`
  return value
}

function number(values: FormValues, field: NumberField, least: number, most: number, errors: FieldErrors): number {
  const text = values[field].trim()
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
  if (!(value >= least && value <= most)) errors[field] = `A number from ${least} to ${most} is needed.`
  return value
}

/** Whether the settings lead to another place or another login than the profile did. */
export function isElsewhere(profile: Profile, values: FormValues): boolean {
  const before = valuesOfProfile(profile)
  return (['dialect', 'file', 'host', 'port', 'database'] as const).some((field) => before[field] !== values[field])
}

/** (2 x cores) + spindles; null while one of them is not a number. */
export function formulaOf(values: FormValues, machineCores: number): number | null {
  const cores = values.cores.trim() === '' ? machineCores : Number(values.cores)
  const spindles = values.spindles.trim() === '' ? 1 : Number(values.spindles)
  const limit = 2 * cores + spindles
  return Number.isInteger(limit) && cores >= 1 && spindles >= 0 ? limit : null
}

// What the fields of a profile's form mean: settings, or a message for each field that is wrong.
import { DEFAULT_PORTS, profileSettings, type ProfileSettings } from '../../../shared/profiles.ts'
import { asksForKey, type Field, type FieldErrors, type FormValues } from './form-values.ts'
import { isHost } from './node-list.ts'
import { reachingOf, nodesOf } from './reaching-of.ts'
import { numberIn, secretIn, textIn, wholeNumberIn } from './read-field.ts'

/** The settings, or every field that cannot be accepted with the reason. */
export function settingsOf(values: FormValues): { settings: ProfileSettings } | { errors: FieldErrors } {
  const errors: FieldErrors = {}
  const common = {
    name: textIn(values, 'name', 'A name', errors).trim(),
    environment: values.environment,
    colour: values.colour,
    isReadOnly: values.isReadOnly,
    tries: wholeNumberIn(values, 'tries', 1, 1000, errors),
    delay: numberIn(values, 'delay', 0, 3600, errors),
    waitForDatabase: values.waitForDatabase,
    waitForMigrations: values.waitForMigrations,
    migrationsFolder: values.migrationsFolder,
    migrationJournal: values.migrationJournal,
  }
  const filled =
    values.dialect === 'sqlite'
      ? { ...common, dialect: values.dialect, file: textIn(values, 'file', 'A file', errors) }
      : { ...common, ...serverOf(values, values.dialect, errors) }
  if (Object.keys(errors).length > 0) return { errors }
  const parsed = profileSettings.safeParse(filled)
  if (parsed.success) return { settings: parsed.data }
  // What the fields above did not catch: lengths.
  for (const { path, message } of parsed.error.issues) errors[fieldOf(path)] = message
  return { errors }
}

function serverOf(values: FormValues, dialect: 'postgres' | 'mysql', errors: FieldErrors) {
  const host = textIn(values, 'host', 'A host', errors).trim()
  if (host !== '' && !isHost(host)) {
    errors.host = 'A host is a name or an address, without blanks, slashes or a user.'
  }
  const port = wholeNumberIn(values, 'port', 1, 65_535, errors)
  const optional = (field: 'poolSize' | 'cores' | 'spindles', least: number, most: number) =>
    values[field].trim() === '' ? null : wholeNumberIn(values, field, least, most, errors)
  return {
    ...{ dialect, host, port },
    database: textIn(values, 'database', 'The name of the database', errors),
    user: textIn(values, 'user', 'A user', errors),
    secret: secretIn(values, 'runtime', errors),
    schemaLogin: values.hasSchemaLogin
      ? { user: textIn(values, 'schemaUser', 'A user', errors), secret: secretIn(values, 'schema', errors) }
      : null,
    ...reachingOf(values, errors),
    ...(dialect === 'mysql' && {
      // What is not on the screen is not agreed to.
      fetchServerKey: asksForKey(values) && values.fetchServerKey,
      nodes: nodesOf(values, { host, port }, DEFAULT_PORTS.mysql, errors),
    }),
    poolSize: optional('poolSize', 1, 1000),
    cores: optional('cores', 1, 1024),
    spindles: optional('spindles', 0, 1024),
  }
}

const FIELD_OF_PATH: Readonly<Record<string, Field>> = {
  secret: 'variable',
  'schemaLogin.user': 'schemaUser',
  'schemaLogin.secret': 'schemaVariable',
  'tlsFiles.ca': 'caFile',
  'tlsFiles.certificate': 'certificateFile',
  'tlsFiles.key': 'keyFile',
  'tlsFiles.secret': 'certificateVariable',
  'ssh.host': 'sshHost',
  'ssh.user': 'sshUser',
  'ssh.keyFile': 'sshKeyFile',
  'ssh.secret': 'sshVariable',
  'ssh.jump.host': 'jumpHost',
  'ssh.jump.user': 'jumpUser',
  'ssh.jump.keyFile': 'jumpKeyFile',
  'ssh.jump.secret': 'jumpVariable',
}

/** The field of the longest part of the path that has one. */
function fieldOf(path: PropertyKey[]): Field {
  for (let length = path.length; length > 0; length--) {
    const field = FIELD_OF_PATH[path.slice(0, length).join('.')]
    if (field) return field
  }
  return path[0] as Field
}

// Connection profiles: the databases a person works with.
import { z } from 'zod'
import { connectCause } from './connections.ts'
import { connectionFormat, danger, LONGEST_CONNECTION_STRING } from './connection-strings.ts'
import { call } from './procedure.ts'
import { certificateFiles, place, reaching, secretSource, sshSettings, tlsMode } from './reaching.ts'

export { secretSource, type SecretSource } from './reaching.ts'

/** `mysql` is MySQL and MariaDB. */
export const dialect = z.enum(['sqlite', 'postgres', 'mysql'])
export type Dialect = z.infer<typeof dialect>

/** What is at stake. On `production` every write asks for the profile's name to be typed. */
export const environment = z.enum(['none', 'development', 'staging', 'production'])
export type Environment = z.infer<typeof environment>

/** Names of the colours a profile can be marked with; the theme has the values for light and dark. */
export const profileColour = z.enum(['gray', 'blue', 'teal', 'green', 'yellow', 'orange', 'red', 'violet'])
export type ProfileColour = z.infer<typeof profileColour>

export const login = z.object({ user: z.string().min(1).max(128), secret: secretSource })
export type LoginSettings = z.infer<typeof login>

/** The standard's values: 5 tries, 5 s apart. */
export const DEFAULT_TRIES = 5
export const DEFAULT_DELAY = 5
export const DEFAULT_PORTS = { postgres: 5432, mysql: 3306 } as const

const common = {
  name: z.string().trim().min(1).max(80),
  environment: environment.default('none'),
  colour: profileColour.nullable().default(null),
  /** Enforced by the server's session or by how the file is opened. */
  isReadOnly: z.boolean().default(false),
  /** Attempts to open it (DB_MAX_RETRIES), and seconds between two (DB_RETRY_DELAY). */
  tries: z.number().int().min(1).max(1000).default(DEFAULT_TRIES),
  delay: z.number().min(0).max(3600).default(DEFAULT_DELAY),
  /** Keep waiting while the server says that the database does not exist (or its name is not known yet). */
  waitForDatabase: z.boolean().default(false),
  /** Keep waiting until every migration of its folder is applied. */
  waitForMigrations: z.boolean().default(false),
  /** Where its migrations are: a full path, or null for the steps that Roster ships. */
  migrationsFolder: z.string().min(1).max(4096).nullable().default(null),
  /** Where runs are written down: in tables of the database itself, or in a file on this machine. */
  migrationJournal: z.enum(['table', 'file']).default('table'),
}

const sqlite = {
  ...common,
  dialect: z.literal('sqlite'),
  /** A full path. */
  file: z.string(),
}

const server = {
  ...common,
  host: z.string().trim().min(1).max(255),
  port: z.number().int().min(1).max(65_535),
  database: z.string().min(1).max(128),
  ...login.shape,
  /** A second login that Migrations alone uses; null: they use the first. */
  schemaLogin: login.nullable().default(null),
  ...reaching,
  /** Connections at most (DB_POOL_SIZE); null: (2 x cores) + spindles. */
  poolSize: z.number().int().min(1).max(1000).nullable().default(null),
  /** Of the database server, as the person states them; null: this machine's cores, and 1 spindle. */
  cores: z.number().int().min(1).max(1024).nullable().default(null),
  spindles: z.number().int().min(0).max(1024).nullable().default(null),
}
const postgres = { ...server, dialect: z.literal('postgres') }
const mysql = {
  ...server,
  dialect: z.literal('mysql'),
  /** Further nodes of a Galera cluster, tried in this order after `host`; all know the same database and login. */
  nodes: z.array(place).max(15).default([]),
  /**
   * Consent, for logins without TLS that need the password itself (caching_sha2_password at a user's first login since the
   * server's start, sha256_password): it is encrypted with an RSA key that the server hands out. Nothing vouches for that key,
   * so whoever sits in between, or listens in the server's place, can hand out another one and read the password.
   */
  fetchServerKey: z.boolean().default(false),
}
/** What that consent is called, in the form and where a failure names it. */
export const FETCH_SERVER_KEY_LABEL = 'Encrypt the password with the server’s key'

/** What a person fills in. */
export const profileSettings = z.discriminatedUnion('dialect', [
  z.strictObject(sqlite),
  z.strictObject(postgres),
  z.strictObject(mysql),
])
export type ProfileSettings = z.infer<typeof profileSettings>

const stored = {
  id: z.string(),
  /** True for the embedded sample, which Roster made and keeps in its data folder. */
  isSample: z.boolean(),
}

export const profile = z.discriminatedUnion('dialect', [
  z.strictObject({ ...sqlite, ...stored }),
  z.strictObject({ ...postgres, ...stored }),
  z.strictObject({ ...mysql, ...stored }),
])
export type Profile = z.infer<typeof profile>
export type SqliteProfile = Extract<Profile, { dialect: 'sqlite' }>
export type ServerProfile = Exclude<Profile, { dialect: 'sqlite' }>

/** Which database it is, and as whom: "app@db1:3306/shop via bastion". "localhost" behind another machine is another place. */
export function placeOf(profile: ProfileSettings | Profile): string {
  if (profile.dialect === 'sqlite') return profile.file
  const { user, host, port, database, ssh } = profile
  return `${user}@${host}:${port}/${database}${ssh ? ` via ${ssh.host}` : ''}`
}

/** Where it is, in one line, as a person would write it; holds no secret. Further nodes are other ways to the same place. */
export function addressOf(profile: ProfileSettings | Profile): string {
  const further = profile.dialect === 'mysql' ? profile.nodes.length : 0
  if (further === 0) return placeOf(profile)
  return `${placeOf(profile)}, +${further} ${further === 1 ? 'node' : 'nodes'}`
}

/** What is known of an open database. */
export const databaseFacts = z.object({
  dialect,
  /** "SQLite 3.54.1", "PostgreSQL 16.14", "MariaDB 10.11.19" */
  version: z.string(),
  /** Null when rows can be changed; otherwise why not. */
  readOnly: z.string().nullable(),
  /** Bytes of the file or of the database; null when the server does not tell. */
  size: z.number().nullable(),
  encoding: z.string(),
  /** What else is worth a line: journal mode, session settings, the login. In the order to show. */
  details: z.array(z.object({ name: z.string(), value: z.string() })),
  /** The node of a Galera cluster that sessions go to now; absent for any other server. */
  cluster: z.object({ name: z.string(), node: z.string() }).optional(),
})
export type DatabaseFacts = z.infer<typeof databaseFacts>

/** A password on its way in. No call but `connectionString`, where a person asks for it, answers with one. */
const password = z.string().max(4096)

/** What a person fills in, and what comes with it. */
const filled = z.object({
  settings: profileSettings,
  /** Undefined: unchanged, or none. Stored in the keychain, or kept in memory where it is asked for each time. */
  password: password.optional(),
  schemaPassword: password.optional(),
  /** Of the SSH login and its jump host, and the passphrase of the client's TLS key. */
  sshPassword: password.optional(),
  jumpPassword: password.optional(),
  certificatePassword: password.optional(),
  /** The id of a `settingsPreview`, whose password is used where none is given. */
  imported: z.string().max(100).optional(),
})

/** Where settings of the standard (DB_TYPE, DB_HOST, DATABASE_URL ...) are read from. */
export const settingsSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('environment') }),
  /** A `.env` file that the person picked. */
  z.object({ kind: z.literal('file'), path: z.string() }),
  /** A connection string, as pasted; `format` where the person has chosen one of several that fit. */
  z.object({
    kind: z.literal('text'),
    text: z.string().max(LONGEST_CONNECTION_STRING),
    format: connectionFormat.optional(),
  }),
])
export type SettingsSource = z.infer<typeof settingsSource>

/** What a form begins with; every field may be missing. */
export const settingsDraft = z.object({
  dialect,
  name: z.string(),
  file: z.string().optional(),
  host: z.string().optional(),
  port: z.number().optional(),
  database: z.string().optional(),
  user: z.string().optional(),
  secret: secretSource.optional(),
  tls: tlsMode.optional(),
  tlsFiles: certificateFiles.optional(),
  ssh: sshSettings.optional(),
  nodes: z.array(place).optional(),
  /** A connection string asked for it and the person has agreed. */
  fetchServerKey: z.boolean().optional(),
  poolSize: z.number().optional(),
  tries: z.number().optional(),
  delay: z.number().optional(),
})
export type SettingsDraft = z.infer<typeof settingsDraft>

/** What was understood of settings, to be looked at before anything is stored or connected. */
export const settingsPreview = z.object({
  /** Names the password that the host keeps, for `create`; null when there is none. It is forgotten after 30 minutes. */
  imported: z.string().nullable(),
  /** Null when it is not known which database is meant. */
  draft: settingsDraft.nullable(),
  /** One line for each setting that was understood; a password shows as dots. `source`: "DB_HOST", "DATABASE_URL", "default". */
  values: z.array(z.object({ setting: z.string(), value: z.string(), source: z.string() })),
  /** `bad`: cannot be used as it is. `warn`: look twice. */
  notes: z.array(z.object({ tone: z.enum(['note', 'warn', 'bad']), text: z.string() })),
  /** Files that DB_NAME or the path of a connection string may mean, for sqlite; the person picks one. `why`: who would look there. */
  candidates: z.array(
    z.object({
      path: z.string(),
      size: z.number(),
      modifiedAt: z.number(),
      isSqlite: z.boolean(),
      why: z.string().optional(),
    }),
  ),
  /** Of a connection string: the form it was read as, and the others that would read it too, perhaps as something else. */
  format: connectionFormat.optional(),
  otherFormats: z.array(connectionFormat).optional(),
  /** Left out of `draft` unless `accepted` names them. */
  dangers: z.array(danger).optional(),
})
export type SettingsPreview = z.infer<typeof settingsPreview>

/** What one attempt to connect came to. */
export const connectionTest = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('connected'), facts: databaseFacts, ms: z.number() }),
  z.object({ outcome: z.literal('failed'), cause: connectCause, ms: z.number() }),
])
export type ConnectionTest = z.infer<typeof connectionTest>

const profileId = z.object({ profileId: z.string() })

const settingsErrors = {
  /** One field cannot be accepted as it is; the message says why. */
  FIELD_REFUSED: { data: z.object({ field: z.string() }) },
  /** Nothing can be stored: a newer Roster wrote the profiles, or the keychain does not answer. */
  NOT_STORED: {},
  FOLDER_REFUSED: { data: z.object({ path: z.string() }) },
}

export const profilesContract = {
  list: call().output(
    z.object({
      profiles: z.array(profile),
      /** Set when the stored profiles could not be read; `setAside` is where they lie now, null when they were left in place. */
      problem: z.object({ message: z.string(), setAside: z.string().nullable() }).nullable(),
    }),
  ),
  /** Adds a profile for an existing SQLite file, or returns the one that already opens it. The file is opened first. */
  addFile: call()
    .errors({ NOT_STORED: {}, FOLDER_REFUSED: { data: z.object({ path: z.string() }) } })
    .input(z.object({ path: z.string() }))
    .output(profile),
  /** Stores a new profile; nothing is opened. The keychain may ask the person first. */
  create: call(5 * 60_000)
    .errors(settingsErrors)
    .input(filled)
    .output(profile),
  /**
   * Replaces the settings. An open database is closed first when anything of how it is reached changes. A stored password
   * is forgotten when host or user change and none is given: it belongs to the old place.
   */
  update: call(5 * 60_000)
    .errors(settingsErrors)
    .input(filled.extend(profileId.shape))
    .output(profile),
  /** A copy under a name of its own, right behind it. Its passwords are not copied: a copy is often made for another server. */
  duplicate: call().errors({ NOT_STORED: {} }).input(profileId).output(profile),
  /** The order to list profiles in. Those that are not named come last, as they stood. */
  reorder: call()
    .errors({ NOT_STORED: {} })
    .input(z.object({ profileIds: z.array(z.string()).max(10_000) }))
    .output(z.object({})),
  /** Tries one connection with these settings, stores nothing. `profileId`: whose stored passwords are used where none is given. */
  test: call()
    .errors(settingsErrors)
    .input(filled.extend({ profileId: z.string().optional() }))
    .output(connectionTest),
  /** Which passwords are stored or remembered; never the passwords. */
  hasPasswords: call()
    .input(profileId)
    .output(
      z.object({
        runtime: z.boolean(),
        schema: z.boolean(),
        ssh: z.boolean(),
        jump: z.boolean(),
        certificate: z.boolean(),
      }),
    ),
  /** Desktop only: the native dialog for a `.env` file. Null when it was cancelled. */
  pickSettings: call(60 * 60_000)
    .errors({ NO_DIALOG: {} })
    .output(z.object({ path: z.string().nullable() })),
  /** Desktop only: the native dialog for a certificate, a key or a list of authorities. Null when it was cancelled. */
  pickKeyFile: call(60 * 60_000)
    .errors({ NO_DIALOG: {} })
    .output(z.object({ path: z.string().nullable() })),
  /** Reads settings and says what was understood. Stores nothing, connects to nothing. */
  readSettings: call()
    .errors({ FOLDER_REFUSED: { data: z.object({ path: z.string() }) }, NOT_SETTINGS: {} })
    .input(
      z.object({
        source: settingsSource,
        /** Ids of `dangers` of an earlier preview of the same source that the person agrees to. */
        accepted: z.array(z.string().max(200)).max(100).default([]),
      }),
    )
    .output(settingsPreview),
  /**
   * The profile's address in another software's form. The password is in it only where `withPassword` asks for it: the one
   * call that answers with a password. `notes`: what that form cannot say.
   */
  connectionString: call()
    .errors({ NOT_EXPRESSIBLE: {} })
    .input(profileId.extend({ format: connectionFormat, withPassword: z.boolean() }))
    .output(z.object({ text: z.string(), notes: z.array(z.string()) })),
  /** What the open database is. A SQLite file is opened if it is not; a server must be open (see `connections`). */
  open: call().input(profileId).output(databaseFacts),
  rename: call()
    .errors({ NOT_STORED: {} })
    .input(profileId.extend({ name: z.string().trim().min(1).max(80) }))
    .output(profile),
  /** Forgets the profile and its passwords. The database is not touched. */
  remove: call().errors({ NOT_STORED: {} }).input(profileId).output(z.object({})),
}

// Reads settings of the standard from the environment or a `.env` file, to be looked at before anything is stored.
import { constants } from 'node:fs'
import { open, realpath, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import type { SecretSource, SettingsPreview, SettingsSource } from '../../shared/profiles.ts'
import type { Core } from '../core.ts'
import type { FileAccess } from '../file-access.ts'
import { hideSecret } from '../redact.ts'
import { Refusal } from '../refusal.ts'
import { beginsAsSqlite } from '../sqlite-header.ts'
import { SETTINGS, understandSettings, type Settings } from './standard-settings.ts'

/** Bytes of a `.env` file; one that is longer is something else. */
const LONGEST = 1024 * 1024

type Place = Pick<Core, 'host' | 'files' | 'imports'>

/** Throws FOLDER_REFUSED, NOT_SETTINGS, DATABASE_UNAVAILABLE (a file that is not there). */
export async function readSettings(
  { host, files, imports }: Place,
  source: SettingsSource,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<SettingsPreview> {
  const file = source.kind === 'file' ? await files.resolve(source.path) : null
  const settings = pick(file === null ? environment : parseEnv(await readText(file)))
  const where = file ?? 'The environment that Roster was started with'
  if (Object.keys(settings).length === 0) {
    throw new Refusal('NOT_SETTINGS', `${where} sets none of ${SETTINGS.join(', ')}.`)
  }
  // Before anything is made of them: an error on the way must not say them either.
  for (const value of [settings.DB_PASS, settings.DATABASE_URL]) if (value) hideSecret(value)
  const { draft, values, notes, password, fileName } = understandSettings(settings)
  const candidates =
    fileName === null ? [] : await findFiles(fileName, file === null ? process.cwd() : dirname(file), files, notes)
  let imported: string | null = null
  if (draft && draft.dialect !== 'sqlite') {
    draft.secret = await proposal(host, password, file === null)
    if (password && draft.secret.kind !== 'none' && draft.secret.kind !== 'environment')
      imported = imports.keep(password.text)
  }
  return { imported, draft, values, notes, candidates }
}

function pick(all: NodeJS.Dict<string>): Settings {
  return Object.fromEntries(SETTINGS.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])))
}

async function readText(file: string): Promise<string> {
  // Not to wait for ever, should it be a named pipe.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: unknown) => {
    throw notSettings(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, error)
  })
  try {
    const facts = await handle.stat()
    if (!facts.isFile()) throw notSettings(`${file} is not a file.`)
    if (facts.size > LONGEST)
      throw notSettings(`${file} has ${facts.size} bytes; a file of settings has at most ${LONGEST}.`)
    return (await handle.readFile('utf8')).replace(/^\uFEFF/, '')
  } finally {
    await handle.close()
  }
}

function notSettings(message: string, cause?: unknown): Refusal {
  return new Refusal('NOT_SETTINGS', message, {}, cause)
}

/** Where the password had best stay: in the variable it is in, else in the keychain, else with the person. */
async function proposal(
  host: Place['host'],
  password: { text: string; source: string } | null,
  isEnvironment: boolean,
): Promise<SecretSource> {
  if (password === null) return { kind: 'ask' }
  if (password.text === '') return { kind: 'none' }
  if (isEnvironment && password.source === 'DB_PASS') return { kind: 'environment', variable: 'DB_PASS' }
  return { kind: host.secrets && (await host.secrets.isAvailable()) ? 'keychain' : 'ask' }
}

/** The files that DB_NAME may mean, those that are there and may be reached. */
async function findFiles(
  name: string,
  folder: string,
  files: FileAccess,
  notes: SettingsPreview['notes'],
): Promise<SettingsPreview['candidates']> {
  const looked = [...new Set([name, `${name}.db`, `databases/${name}.db`].map((each) => resolve(folder, each)))]
  const found: SettingsPreview['candidates'] = []
  const outside: string[] = []
  for (const path of looked) {
    const real = await realpath(path).catch(() => null)
    const facts = real === null ? null : await stat(real).catch(() => null)
    if (real === null || !facts?.isFile()) continue
    // What the person's own settings name counts as picked, within the folders that Roster may show.
    if (!files.admit(real)) outside.push(path)
    else found.push({ path: real, size: facts.size, modifiedAt: facts.mtimeMs, isSqlite: await beginsAsSqlite(real) })
  }
  if (outside.length > 0) {
    notes.push({ tone: 'bad', text: `${outside.join(', ')}: outside of the folders that Roster may show.` })
  }
  if (found.length === 0 && outside.length === 0) {
    notes.push({ tone: 'bad', text: `There is no file ${looked.join(', nor ')}.` })
  }
  return found
}

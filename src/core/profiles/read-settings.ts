// Reads settings, from the environment, a file or a pasted connection string, to be looked at before anything is stored.
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { LONGEST_CONNECTION_STRING } from '../../shared/connection-strings.ts'
import type { SecretSource, SettingsPreview, SettingsSource } from '../../shared/profiles.ts'
import type { Core } from '../core.ts'
import { hideSecret } from '../redact.ts'
import { Refusal } from '../refusal.ts'
import { isDatabaseUrl } from './database-url.ts'
import { fromLines, fromVariables, onlyLine, OTHER_NAMES, type Found } from './other-variables.ts'
import { pastedLine } from './pasted-line.ts'
import { passwordPlace } from './password-place.ts'
import { reachableFiles, readText } from './read-text.ts'
import { findFiles } from './sqlite-candidates.ts'
import { SETTINGS, understandSettings, type Settings } from './standard-settings.ts'

/** Bytes of a file of settings; one that is longer is something else. */
const LONGEST = 1024 * 1024

type Place = Pick<Core, 'host' | 'files' | 'imports'>

/**
 * `accepted`: ids of dangers of an earlier preview that the person agrees to. Throws FOLDER_REFUSED, NOT_SETTINGS,
 * DATABASE_UNAVAILABLE (a file that is not there).
 */
export async function readSettings(
  place: Place,
  source: SettingsSource,
  { accepted = [], environment = process.env }: { accepted?: readonly string[]; environment?: NodeJS.ProcessEnv } = {},
): Promise<SettingsPreview> {
  const consent = new Set(accepted)
  if (source.kind === 'text') return readPasted(place, source, consent)
  const file = source.kind === 'file' ? await place.files.resolve(source.path) : null
  const content = file === null ? null : await readContent(file)
  const variables = content === null ? environment : parseEnv(content)
  const folder = file === null ? process.cwd() : dirname(file)
  const lines = { variables, content, folders: [folder], isPasted: false }
  const preview = await readLines(place, lines, file === null, consent)
  if (preview !== null) return preview
  const line = content === null ? null : onlyLine(content)
  if (line !== null && line.length <= LONGEST_CONNECTION_STRING && !/^[\w.-]+$/.test(line)) {
    const read = await readText(place, { text: line, source: 'the file', folders: [folder] }, consent).catch(noText)
    if (read !== null) return read
  }
  const where = file ?? 'The environment that Roster was started with'
  throw notSettings(`${where} sets none of ${[...SETTINGS, ...OTHER_NAMES].join(', ')}.`)
}

/** A connection string, or lines of settings or of code with one in them. */
async function readPasted(
  place: Place,
  { text, format }: Extract<SettingsSource, { kind: 'text' }>,
  accepted: ReadonlySet<string>,
): Promise<SettingsPreview> {
  const folders = [process.cwd(), ...(place.host.fileRoots ?? []).map(({ path }) => path)]
  const lines = { variables: parseEnv(text), content: text, folders, isPasted: true }
  const preview = format === undefined ? await readLines(place, lines, false, accepted) : null
  if (preview !== null) return preview
  const line = pastedLine(text.trim())
  const source = line === null ? 'connection string' : (line.name ?? 'the text in quotes')
  return readText(place, { text: line?.text ?? text, format, source, folders, isPasted: true }, accepted)
}

interface Lines {
  variables: NodeJS.Dict<string>
  /** Null for the environment. */
  content: string | null
  folders: readonly string[]
  isPasted: boolean
}

/** Null where no setting is among them that Roster knows. */
async function readLines(
  place: Place,
  lines: Lines,
  isEnvironment: boolean,
  accepted: ReadonlySet<string>,
): Promise<SettingsPreview | null> {
  const settings = pick(lines.variables)
  const isStandard = settings.DATABASE_URL
    ? isDatabaseUrl(settings.DATABASE_URL.trim())
    : Object.keys(settings).length > 0
  if (isStandard) return readStandard(place, settings, lines, isEnvironment, accepted)
  const found = [...fromVariables(lines.variables), ...(lines.content === null ? [] : fromLines(lines.content))]
  const [first, ...others] = found
  return first === undefined ? null : readFound(place, first, others, lines, accepted)
}

function noText(error: unknown): null {
  if (error instanceof Refusal && error.code === 'NOT_SETTINGS') return null
  throw error
}

/** DB_HOST and its kin, and a DATABASE_URL of the standard. */
async function readStandard(
  { host, files, imports }: Place,
  settings: Settings,
  { folders, isPasted }: Lines,
  isEnvironment: boolean,
  accepted: ReadonlySet<string>,
): Promise<SettingsPreview> {
  // Before anything is made of them: an error on the way must not say them either.
  for (const value of [settings.DB_PASS, settings.DATABASE_URL]) if (value) hideSecret(value)
  const { draft, values, notes, dangers, password, fileName } = understandSettings(settings, accepted)
  const looked = fileName === null ? [] : [fileName, `${fileName}.db`, `databases/${fileName}.db`]
  const paths = new Set(folders.flatMap((folder) => looked.map((each) => resolve(folder, each))))
  const candidates =
    paths.size === 0
      ? []
      : await findFiles(
          { host, files, isPasted },
          [...paths].map((path) => ({ path })),
          notes,
        )
  let imported: string | null = null
  if (draft && draft.dialect !== 'sqlite') {
    if (draft.tlsFiles) {
      const reachable = await reachableFiles({ host, files, isPasted }, draft.tlsFiles, notes)
      if (reachable === null) delete draft.tlsFiles
      else draft.tlsFiles = reachable
    }
    draft.secret = await proposal(host, password, isEnvironment)
    if (password && draft.secret.kind !== 'none' && draft.secret.kind !== 'environment')
      imported = imports.keep(password.text)
  }
  return { imported, draft, values, notes, candidates, ...(dangers.length > 0 && { dangers }) }
}

/** A variable of another name. Where there are several, none is guessed to be the right one without a word. */
async function readFound(
  place: Place,
  first: Found,
  others: readonly Found[],
  { folders, isPasted }: Lines,
  accepted: ReadonlySet<string>,
): Promise<SettingsPreview> {
  for (const { text, beside } of [first, ...others]) {
    hideSecret(text)
    if (beside?.password) hideSecret(beside.password)
  }
  const { source, text, format, beside, problem } = first
  if (problem !== undefined) throw notSettings(`${source} cannot be used. ${problem}`)
  if (text.length > LONGEST_CONNECTION_STRING) throw notSettings(`${source} is too long for a connection string.`)
  const preview = await readText(
    place,
    { text, format, isHint: true, source, folders, isPasted, ...(beside && { beside }) },
    accepted,
  )
  if (others.length > 0) {
    const names = others.map((each) => each.source).join(', ')
    preview.notes.push({
      tone: 'warn',
      text: `${source} is read. ${names} ${others.length === 1 ? 'is' : 'are'} set, too, and not used.`,
    })
  }
  return preview
}

function pick(all: NodeJS.Dict<string>): Settings {
  return Object.fromEntries(SETTINGS.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])))
}

async function readContent(file: string): Promise<string> {
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

/** In the variable that the password is in, else where any other one would stay. */
async function proposal(
  host: Place['host'],
  password: { text: string; source: string } | null,
  isEnvironment: boolean,
): Promise<SecretSource> {
  if (password?.text && isEnvironment && password.source === 'DB_PASS') {
    return { kind: 'environment', variable: 'DB_PASS' }
  }
  return passwordPlace(host, password?.text)
}

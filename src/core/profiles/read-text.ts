// Reads a connection string, pasted or found in settings, to be looked at before anything is stored. Nothing is connected to.
import { realpath, stat } from 'node:fs/promises'
import { FORMAT_NAMES, type ConnectionFormat } from '../../shared/connection-strings.ts'
import { DEFAULT_PORTS, type SettingsDraft, type SettingsPreview } from '../../shared/profiles.ts'
import type { CertificateFiles } from '../../shared/reaching.ts'
import type { Core } from '../core.ts'
import { hideSecret } from '../redact.ts'
import { Refusal } from '../refusal.ts'
import { readAll, readOne, type Reading, type Readings } from './connection-strings/formats.ts'
import { holdsSecret } from './connection-strings/settings-known.ts'
import type { Parsed } from './connection-strings/parsed.ts'
import { differences, valuesOf } from './connection-strings/words.ts'
import { passwordPlace } from './password-place.ts'
import { findFiles, isOnNetwork, placesOf } from './sqlite-candidates.ts'

type Place = Pick<Core, 'host' | 'files' | 'imports'>

export interface TextToRead {
  text: string
  /** Undefined: the first that fits. */
  format?: ConnectionFormat | undefined
  /** Whether another form may be taken where `format` does not fit: it was only a guess from a variable's name. */
  isHint?: boolean
  /** What it says of itself in the preview: "connection string", or the variable that holds it. */
  source: string
  /** Folders that a relative path of a SQLite file may be meant from. */
  folders: readonly string[]
  /** A login that stands beside the text (Spring); used where the text has none. */
  beside?: { user?: string; password?: string }
  /** The page gave the text: in a window, the files that it names are agreed to in a native dialog before they are used. */
  isPasted?: boolean
}

/** Throws NOT_SETTINGS for a text that is in no form, in words that repeat nothing of it. */
export async function readText(
  { host, files, imports }: Place,
  { text, format, isHint = false, source, folders, beside = {}, isPasted = false }: TextToRead,
  accepted: ReadonlySet<string>,
): Promise<SettingsPreview> {
  const trimmed = text.trim()
  if (trimmed === '') throw new Refusal('NOT_SETTINGS', 'There is no text to read.')
  hideText(trimmed)
  if (beside.password) hideSecret(beside.password)
  const readings = readAll(trimmed, accepted, hideParts)
  const given = format === undefined ? undefined : readOne(format, trimmed, accepted, hideParts)
  const chosen = given?.usable[0] ?? (format === undefined || isHint ? readings.usable[0] : undefined)
  if (chosen === undefined) throw refusal(given, readings, source)
  const { understood } = chosen
  if (understood.user === undefined && beside.user !== undefined) understood.user = beside.user
  if (understood.password === undefined && beside.password !== undefined) understood.password = beside.password
  const notes: SettingsPreview['notes'] = [...understood.notes]
  for (const each of differences(chosen, readings)) notes.push({ tone: 'warn', text: each })
  const candidates = await candidatesOf({ host, files, isPasted }, chosen, readings, folders, notes)
  const draft = draftOf(chosen, notes)
  if (draft.tlsFiles) {
    const reachable = await reachableFiles({ host, files, isPasted }, draft.tlsFiles, notes)
    if (reachable === null) delete draft.tlsFiles
    else draft.tlsFiles = reachable
  }
  const { password } = understood
  let imported: string | null = null
  if (draft.dialect !== 'sqlite') {
    draft.secret = await passwordPlace(host, password)
    if (password && draft.secret.kind !== 'none') imported = imports.keep(password)
  }
  return {
    imported,
    draft,
    values: valuesOf(understood, source),
    notes,
    candidates,
    format: chosen.format,
    otherFormats: readings.usable.map((each) => each.format).filter((each) => each !== chosen.format),
    dangers: understood.dangers,
  }
}

/** Before anything is made of it: an error on the way must not say it either. */
function hideText(text: string): void {
  // A short word, or a mere path, is not hidden: it would be blanked out wherever it stands in what Roster writes.
  if (/[@=]|:\/\//.test(text) && text.length >= 12) hideSecret(text)
  // As it is written, which need not be how it would be encoded: in front of an @, and behind the name of a password.
  const login = text.includes('://') ? /:\/\/[^:@/]*:([^@]+)@/.exec(text) : /^[^:@/]*:(.+)@/s.exec(text)
  if (login?.[1]) hideSecret(login[1])
  for (const [, written] of text.matchAll(/(?:pass\w*|pwd)\s*=\s*'?([^&\s']+)/gi)) if (written) hideSecret(written)
}

function hideParts({ password, options }: Parsed): void {
  if (password) hideSecret(password)
  for (const { key, value } of options) if (holdsSecret(key)) hideSecret(value)
}

function refusal(given: Readings | undefined, readings: Readings, source: string): Refusal {
  const name = source === 'connection string' ? 'The text' : source
  const refused = given?.refused[0] ?? readings.refused.find(({ isParsed }) => isParsed)
  const words = refused ?? readings.refused.find(({ isForm }) => isForm)
  if (words === undefined) {
    return new Refusal('NOT_SETTINGS', `${name} is not in any form of a connection string that Roster reads.`)
  }
  return new Refusal('NOT_SETTINGS', `${name} cannot be used as ${FORMAT_NAMES[words.format]}. ${words.why}`)
}

/** For sqlite: every place that one of the forms would look in, so that two that differ are both seen. */
async function candidatesOf(
  place: Pick<Core, 'host' | 'files'> & { isPasted: boolean },
  { understood, format }: Reading,
  { usable }: Readings,
  folders: readonly string[],
  notes: SettingsPreview['notes'],
): Promise<SettingsPreview['candidates']> {
  if (understood.dialect !== 'sqlite') return []
  const all = usable.some((each) => each.format === format) ? usable : [{ format, understood }, ...usable]
  const readings = all.flatMap((each) =>
    each.understood.dialect === 'sqlite' && each.understood.file !== null
      ? [{ format: each.format, file: each.understood.file }]
      : [],
  )
  if (understood.file === null) {
    notes.push({
      tone: 'bad',
      text: 'It is a database in memory, which ends with the application. There is no file to open.',
    })
    return []
  }
  return findFiles(place, placesOf(readings, folders), notes)
}

function draftOf({ understood }: Reading, notes: SettingsPreview['notes']): SettingsDraft {
  const { dialect, host, port, nodes, user, database, tls, tlsFiles, fetchServerKey, file } = understood
  if (dialect === 'sqlite') return { dialect, name: (file?.path ?? '').replace(/^.*[\\/]/, '').slice(0, 80) }
  const missing = [
    ...(host === undefined ? ['host'] : []),
    ...(database === undefined ? ['name of the database'] : []),
    ...(user === undefined ? ['user'] : []),
  ]
  if (missing.length > 0) {
    notes.push({
      tone: 'warn',
      text: `No ${missing.join(', no ')} is given. Nothing is guessed; it can be filled in.`,
    })
  }
  return {
    dialect,
    name: [database, host].filter(Boolean).join(' on ').slice(0, 80),
    port: port ?? DEFAULT_PORTS[dialect],
    ...(host !== undefined && { host }),
    ...(database !== undefined && { database }),
    ...(user !== undefined && { user }),
    ...(nodes.length > 0 && { nodes }),
    ...(tls !== undefined && { tls }),
    ...(tlsFiles !== undefined && { tlsFiles }),
    ...(fetchServerKey && { fetchServerKey }),
  }
}

/** Agreed to by the person, and still only what lies in the folders that may be reached. Null where none of them does. */
export async function reachableFiles(
  { host, files, isPasted = false }: Pick<Core, 'host' | 'files'> & { isPasted?: boolean },
  wanted: CertificateFiles,
  notes: SettingsPreview['notes'],
): Promise<CertificateFiles | null> {
  const reach = async (path: string | null): Promise<string | null> => {
    if (path === null) return null
    const isOutside = (host.fileRoots !== null && !files.isInside(path)) || isOnNetwork(path)
    const real = isOutside ? null : await realpath(path).catch(() => null)
    const facts = real === null ? null : await stat(real).catch(() => null)
    const mayReach = (file: string) => (isPasted ? files.propose(file) : files.admit(file))
    if (isOutside || (real !== null && facts?.isFile() && !mayReach(real))) {
      notes.push({ tone: 'bad', text: `${path}: outside of the folders that Roster may show.` })
      return null
    }
    if (real !== null && facts?.isFile()) return real
    notes.push({ tone: 'bad', text: `There is no file ${path}.` })
    return null
  }
  const found = {
    ca: await reach(wanted.ca),
    certificate: await reach(wanted.certificate),
    key: await reach(wanted.key),
  }
  const isAny = Object.values(found).some((each) => each !== null)
  return isAny ? { ...found, secret: found.key === null ? { kind: 'none' } : wanted.secret } : null
}

// Which host keys are known: Roster's own list, and the person's known_hosts, which is read and never written.
import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { place, placeText, type Place, type SeenHostKey } from '../../shared/reaching.ts'
import type { Host } from '../host.ts'
import { Refusal } from '../refusal.ts'
import { fingerprintOf, typeOf, type HostKeyBytes } from './host-key.ts'
import { entriesFor } from './openssh-list.ts'

/** `known`: it may be believed. `revoked`: it never may, whatever else is known. */
export type Verdict =
  { is: 'known' } | { is: 'new' | 'changed'; seen: SeenHostKey } | { is: 'revoked'; from: string; fingerprint: string }

/** What is known of one place, as it was when it was asked for. */
export interface KnownPlace {
  /** Of the keys that are known: "ssh-ed25519". */
  types: string[]
  /** What a person should know beside; '' for nothing. */
  note: string
  judge(key: HostKeyBytes): Verdict
}

export interface KnownHosts {
  /** Both lists are read anew. Rejects with words when Roster's own cannot be read. */
  of(at: Place): Promise<KnownPlace>
  /** Throws HOST_KEY_CHANGED where another key is known for the place or this one is revoked; NOT_STORED. */
  trust(seen: Place & { type: string; fingerprint: string }): Promise<void>
  /** Drops what Roster's list has for the place. Throws NOT_STORED. */
  forget(at: Place): Promise<void>
  /** Resolves when everything is on the disk. */
  settle(): Promise<void>
}

export const OWN_LIST = 'Roster’s list'

const VERSION = 1
const entry = z.object({ ...place.shape, type: z.string(), fingerprint: z.string() })
type Entry = z.infer<typeof entry>
const stored = z.object({ version: z.literal(VERSION), hosts: z.array(entry) })

interface Known {
  type: string
  fingerprint: string
  from: string
}

interface Places {
  /** The person's list; their home folder's unless told. */
  theirs?: string
}

export function openKnownHosts(host: Pick<Host, 'dataFolder' | 'log'>, places: Places = {}): KnownHosts {
  const own = join(host.dataFolder, 'known-hosts.json')
  const theirs = places.theirs ?? join(homedir(), '.ssh', 'known_hosts')
  let writing: Promise<unknown> = Promise.resolve()
  let told = ''

  function say(words: string, cause?: unknown): void {
    if (told !== words) host.log('warn', words, cause)
    told = words
  }

  async function read(at: Place): Promise<{ known: Known[]; revoked: string[]; note: string }> {
    const [entries, text] = await Promise.all([readOwn(own), readTheirs(theirs, say)])
    const found = entriesFor(text, at)
    const ours = entries.filter(isAt(at)).map(({ type, fingerprint }) => ({ type, fingerprint, from: OWN_LIST }))
    const known = found.known.map((key) => ({ type: typeOf(key), fingerprint: fingerprintOf(key), from: theirs }))
    return {
      known: [...ours, ...known],
      revoked: found.revoked.map(fingerprintOf),
      note: found.hasAuthority
        ? `${theirs} names an authority for this host; Roster compares the keys themselves.`
        : '',
    }
  }

  /** One change at a time, each made to what is on the disk then. */
  function change(make: (before: Entry[]) => Promise<Entry[]> | Entry[]): Promise<void> {
    const result = writing.then(async () => {
      try {
        const before = await readOwn(own)
        const hosts = await make(before)
        if (hosts === before) return
        const text = `${JSON.stringify({ version: VERSION, hosts }, null, 1)}\n`
        await writeFileAtomic(own, text, { mode: 0o600, fsync: true })
      } catch (error) {
        if (error instanceof Refusal) throw error
        const why = error instanceof Error ? error.message : String(error)
        throw new Refusal('NOT_STORED', `The host key could not be stored in ${own} (${why}).`, {}, error)
      }
    })
    writing = result.catch(() => undefined)
    return result
  }

  return {
    async of({ host: name, port }) {
      const at = { host: name, port }
      const { known, revoked, note } = await read(at)
      return {
        types: [...new Set(known.map(({ type }) => type))],
        note,
        judge: (key) => judge(key, at, known, revoked.includes(fingerprintOf(key)) ? theirs : null),
      }
    },
    trust: ({ host: name, port, type, fingerprint }) =>
      change(async (before) => {
        const at = { host: name, port }
        const { known, revoked } = await read(at)
        const other = known.find((one) => one.fingerprint !== fingerprint)
        if (revoked.includes(fingerprint)) throw changed(at, fingerprint, `${theirs} has revoked this key.`)
        if (known.some((one) => one.fingerprint === fingerprint)) return before
        if (other) throw changed(at, other.fingerprint, `${other.from} knows another key for it.`)
        return [...before, { ...at, type, fingerprint }]
      }),
    forget: (at) => change((before) => before.filter((one) => !isAt(at)(one))),
    async settle() {
      await writing
    },
  }
}

const isAt = (at: Place) => (one: Place) => one.host.toLowerCase() === at.host.toLowerCase() && one.port === at.port

function judge(key: HostKeyBytes, at: Place, known: readonly Known[], revokedBy: string | null): Verdict {
  const seen = { ...at, type: typeOf(key), fingerprint: fingerprintOf(key) }
  if (revokedBy !== null) return { is: 'revoked', from: revokedBy, fingerprint: seen.fingerprint }
  if (known.some(({ fingerprint }) => fingerprint === seen.fingerprint)) return { is: 'known' }
  const other = known.find(({ type }) => type === seen.type) ?? known[0]
  if (!other) return { is: 'new', seen: { ...seen, known: null, knownFrom: null } }
  return { is: 'changed', seen: { ...seen, known: other.fingerprint, knownFrom: other.from } }
}

function changed(at: Place, known: string, why: string): Refusal {
  const message = `The host key of ${placeText(at)} was not noted: ${why}`
  return new Refusal('HOST_KEY_CHANGED', message, { known })
}

async function readOwn(file: string): Promise<Entry[]> {
  try {
    return stored.parse(JSON.parse(await readFile(file, 'utf8'))).hosts
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    const why = error instanceof Error ? error.message : String(error)
    // To go on without it would make every changed key look like a new one.
    throw new Error(`The list of known host keys in ${file} cannot be read: ${why}`, { cause: error })
  }
}

/** Somebody else's list may say what it likes; it is not believed. */
async function readTheirs(file: string, say: (words: string, cause?: unknown) => void): Promise<string> {
  try {
    const { uid } = await stat(file)
    if (process.getuid === undefined || uid === process.getuid()) return await readFile(file, 'utf8')
    say(`${file} belongs to another user. Its host keys are not used.`)
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!isMissing) say(`${file} could not be read. Its host keys are not used.`, error)
  }
  return ''
}

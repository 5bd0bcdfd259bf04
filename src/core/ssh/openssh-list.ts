// Reads known_hosts as OpenSSH does (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): what it says about one place. Never writes it.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { DEFAULT_SSH_PORT, type Place } from '../../shared/reaching.ts'
import type { HostKeyBytes } from './host-key.ts'

export interface OpensshEntries {
  known: HostKeyBytes[]
  /** `@revoked`: never to be believed again. */
  revoked: HostKeyBytes[]
  /** `@cert-authority` names an authority for the place; certificates of host keys are not used here. */
  hasAuthority: boolean
}

/** Lines that cannot be read are passed over, as OpenSSH does. */
export function entriesFor(text: string, at: Place): OpensshEntries {
  const found: OpensshEntries = { known: [], revoked: [], hasAuthority: false }
  const name = nameOf(at)
  for (const line of text.split(/\r?\n/)) {
    const parts = line.trim().split(/[ \t]+/)
    if (parts[0] === '' || parts[0]?.startsWith('#')) continue
    const marker = parts[0]?.startsWith('@') ? parts.shift() : undefined
    const [hosts, type, base64] = parts
    if (!hosts || !type || !base64 || !isFor(hosts, name)) continue
    const key = Buffer.from(base64, 'base64')
    if (marker === '@cert-authority') found.hasAuthority = true
    else if (marker === '@revoked') found.revoked.push(key)
    else if (marker === undefined) found.known.push(key)
  }
  return found
}

/** A port of its own is part of the name. */
function nameOf({ host, port }: Place): string {
  const name = host.toLowerCase()
  return port === DEFAULT_SSH_PORT ? name : `[${name}]:${port}`
}

function isFor(hosts: string, name: string): boolean {
  if (hosts.startsWith('|')) return isHashed(hosts, name)
  let isMeant = false
  for (const part of hosts.toLowerCase().split(',')) {
    if (part.startsWith('!')) {
      // An exception outweighs whatever else matches.
      if (isLike(part.slice(1), name)) return false
    } else isMeant ||= isLike(part, name)
  }
  return isMeant
}

/** `*` stands for anything, `?` for one character. Without a regular expression, which a hostile pattern could make slow. */
function isLike(pattern: string, name: string): boolean {
  let [at, star, mark] = [0, -1, 0]
  for (let index = 0; index < name.length;) {
    if (pattern[at] === '*') {
      star = at
      mark = index
      at += 1
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[index])) {
      at += 1
      index += 1
    } else if (star >= 0) {
      mark += 1
      index = mark
      at = star + 1
    } else return false
  }
  while (pattern[at] === '*') at += 1
  return at === pattern.length
}

/** `|1|salt|hash`: HMAC-SHA1 of the name, so that the list does not tell where its owner goes. */
function isHashed(field: string, name: string): boolean {
  const [, version, salt = '', hash = ''] = field.split('|')
  const expected = Buffer.from(hash, 'base64')
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest()
  return version === '1' && expected.length === actual.length && timingSafeEqual(expected, actual)
}

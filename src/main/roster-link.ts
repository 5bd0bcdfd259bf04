// Reads a `roster:` link. A link only fills in a form: nothing is opened or connected by it, and the person decides.
//
//   roster:open?file=/home/ann/users.db      shows the form "Open a SQLite file" with the path filled in
//
// Anybody can make a link, so everything that is not exactly this is refused, in words that can be shown.

export type RosterLink = { fill: 'open-file'; path: string } | { refused: string }

/** Packages register it: packaging/settings.ts names the same one. */
export const LINK_SCHEME = 'roster'

/** Characters of a whole link, and of a path in it. */
const LINK_LIMIT = 4096
const PATH_LIMIT = 1024

/** `roster:open?…`, and the forms that browsers make of it: `roster://open?…`, `roster://open/?…`. */
const SHAPE = /^roster:(?:\/\/)?([a-z-]+)\/?(?:\?([^?#]*))?$/i
const PASSWORD_KEY = /pass|pwd|secret|token|credential/i
/**
 * Control characters, invisible marks (some turn the order of what is shown), separators of lines, and any space but the
 * plain one: the path that is shown must be the path that is opened.
 */
const NOT_SHOWN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u

export function isRosterLink(text: string): boolean {
  return /^roster:/i.test(text)
}

/** `platform` decides what a full path is. Never throws. */
export function readRosterLink(text: string, platform: NodeJS.Platform): RosterLink {
  if (text.length > LINK_LIMIT) return refused(`It is longer than ${LINK_LIMIT} characters.`)
  const [, action, query = ''] = SHAPE.exec(text) ?? []
  if (action === undefined) return refused('It is not written as a Roster link.')
  if (action.toLowerCase() !== 'open') return refused('This version of Roster fills in “open” links only.')

  const values = new Map<string, string>()
  for (const part of query === '' ? [] : query.split('&')) {
    const at = part.indexOf('=')
    const key = at < 0 ? part : part.slice(0, at)
    // Also for keys that would be refused anyway: who wrote the link is told why it can never work.
    if (PASSWORD_KEY.test(key)) return refused('A link must not carry a password.')
    if (at < 0 || key !== 'file') return refused('It asks for something that a link cannot fill in.')
    if (values.has(key)) return refused('It names more than one file.')
    const value = decoded(part.slice(at + 1))
    if (value === null) return refused('Its percent-encoding is damaged.')
    values.set(key, value)
  }
  const path = values.get('file')
  if (path === undefined || path === '') return refused('It names no file.')
  const wrong = whyNotPath(path, platform)
  return wrong === null ? { fill: 'open-file', path } : refused(wrong)
}

function whyNotPath(path: string, platform: NodeJS.Platform): string | null {
  if (path.length > PATH_LIMIT) return `Its path is longer than ${PATH_LIMIT} characters.`
  if (NOT_SHOWN.test(path)) return 'Its path has characters that cannot be shown.'
  const isWindows = platform === 'win32'
  // On Windows neither a server (it would be sent this person's sign-in), nor a device, nor a stream inside of a file.
  const isFull = isWindows ? /^[a-z]:[\\/][^:]+$/i.test(path) : /^\/[^/]/.test(path)
  if (!isFull) return 'Its path is not the full path of a file on this machine.'
  const names = path.split(isWindows ? /[\\/]/ : '/').slice(1)
  if (names.some((name) => name === '' || name === '.' || name === '..')) return 'Its path takes detours.'
  return null
}

/** `+` stays itself: it is a common character of paths, and links are no forms. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function refused(why: string): RosterLink {
  return { refused: `The link was not used. ${why}` }
}

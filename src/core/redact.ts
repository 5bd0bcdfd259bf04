// Keeps secrets out of what Roster writes and says: by their known values, and by the names they usually go under.
import { inspect } from 'node:util'

const HIDDEN = '*hidden*'
/** Shorter values are not looked for: they would blank out ordinary words, and hide nothing from a guesser. */
const SHORTEST = 4

const spellings = new Set<string>()

/** From now on this value, however it is spelled, is hidden wherever `redact` is used. */
export function hideSecret(value: string): void {
  if (value.length < SHORTEST) return
  for (const spelling of spellingsOf(value)) spellings.add(spelling)
}

/** As it is, in JSON, in an inspected object, in an address (percent-encoded), and in base64. */
function spellingsOf(value: string): string[] {
  const bytes = Buffer.from(value)
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    inspect(value, { breakLength: Infinity, maxStringLength: null }).slice(1, -1),
    encodeURIComponent(value.toWellFormed()),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
  ]
}

/**
 * A name that holds a secret, a mark, and the value: `password: 'x'`, `"DB_PASS":"x"`, `DATABASE_URL=x`, `password=x`. Looked for
 * from the beginnings of words alone: from every letter it would take the square of a long word's length.
 */
const NAMED =
  /((?:(?<![\w-])[\w-]*(?:pass(?:word|wd|phrase)?|secret|credential)|DATABASE_URL|(?<!\w)\w*_DSN)["']?\s*[:=]\s*)("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\\n]|\\.)*`|[^\s,;&}\])'"`]+)/gi
/** The password inside of an address: `postgresql://joe:x@host`. It may hold bare slashes, colons and @. */
const IN_ADDRESS = /([a-z][a-z0-9+.-]*:\/\/[^\s/:@'"`]*:)([^\s'"`]*)(@)/gi
/** Words that stand behind such a name and are no secret. */
const PLAIN = /^['"`]?(null|undefined|true|false|)['"`]?$/

/** The text without any secret that is known. */
export function hideKnown(text: string): string {
  let shown = text
  // Longer ones first: one secret may be the beginning of another.
  for (const spelling of [...spellings].sort((a, b) => b.length - a.length)) shown = shown.replaceAll(spelling, HIDDEN)
  return shown.replace(IN_ADDRESS, `$1${HIDDEN}$3`)
}

/** The text without any secret that is known, or that is named as one. */
export function redact(text: string): string {
  return hideKnown(text).replace(NAMED, (whole, name: string, value: string) =>
    PLAIN.test(value) ? whole : `${name}${HIDDEN}`,
  )
}

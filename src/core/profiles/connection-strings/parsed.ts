// What the parsers of connection strings answer with: the parts as the library's own parser takes them, before anything is judged.
import type { Dialect } from '../../../shared/profiles.ts'

/** As the text says it: a port may still be no number, a host no name. A host that begins with / is a socket. */
export interface ParsedPlace {
  host: string
  port: string | null
}

/** In the order of the text; one that is said twice is here twice. */
export interface Option {
  key: string
  value: string
}

/** `base`: against what a relative path is read by that library. */
export interface SqliteFile {
  path: string
  base: 'working-directory' | 'databases-folder'
}

export interface Parsed {
  dialect: Dialect
  /** "postgresql+psycopg2" has a driver, most have none. */
  driver: string | null
  /** An empty text differs from none, wherever the library tells them apart. */
  user: string | null
  password: string | null
  /** None where the text names no host. */
  places: readonly ParsedPlace[]
  database: string | null
  options: readonly Option[]
  /** For sqlite; null is a database in memory. */
  file: SqliteFile | null
  /** Of a URL with a login in front of the host: all that stands behind the host, undecoded. A bare @ in it ends a password. */
  tail: string
}

/** A text that the library refuses. The message repeats nothing of it but what can be no part of a password. */
export class StringProblem extends Error {}
/** The text is in another form altogether. */
export class OtherForm extends StringProblem {}

export const NOTHING: Omit<Parsed, 'dialect'> = {
  driver: null,
  user: null,
  password: null,
  places: [],
  database: null,
  options: [],
  file: null,
  tail: '',
}

/** The last one counts, as in most libraries. Undefined where it is not said. */
export function lastOf(options: readonly Option[], key: string): string | undefined {
  return options.findLast((each) => each.key === key)?.value
}

/** Text before and behind the first mark; null behind it where there is none. */
export function cutAt(text: string, mark: string): [string, string | null] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + mark.length)]
}

// Reads DATABASE_URL more strictly than any library: a URL that could mean two things, or that wants something hostile, is refused whole.
import { parseLibpqUrl } from './connection-strings/libpq.ts'
import { parseMysqlUrl } from './connection-strings/mysql-url.ts'
import { StringProblem, type Parsed } from './connection-strings/parsed.ts'
import { quoted } from './connection-strings/dangers.ts'
import { understand, type Understood } from './connection-strings/understand.ts'

/** What an address says; undefined where it says nothing. */
export interface DatabaseUrl extends Omit<
  Understood,
  'dialect' | 'file' | 'nodes' | 'dangers' | 'overridden' | 'repeated'
> {
  dialect: Exclude<Understood['dialect'], 'sqlite'>
  nodes?: Understood['nodes']
  dangers?: Understood['dangers']
}

/** An address that cannot be used; the message never repeats a part that may be of the password. */
export class UrlProblem extends Error {}

const LONGEST = 4096
const PARSERS = new Map<string, (text: string) => Parsed>([
  ['postgresql', (text) => parseLibpqUrl(text, false)],
  ['postgres', (text) => parseLibpqUrl(text, false)],
  ['mysql', parseMysqlUrl],
  ['mariadb', parseMysqlUrl],
])

/** Whether it is of a kind that is read here; any other is read as a connection string of some form. */
export const isDatabaseUrl = (text: string) => PARSERS.has(/^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text)?.[1] ?? '')

/** Throws UrlProblem. `accepted`: ids of dangers that the person agrees to. */
export function parseDatabaseUrl(text: string, accepted?: ReadonlySet<string>): DatabaseUrl {
  if (text.length > LONGEST) throw new UrlProblem(`It is longer than ${LONGEST} characters.`)
  if (/[\s\p{Cc}]/u.test(text))
    throw new UrlProblem('It holds a blank or a control character, which has to be percent-encoded.')
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text)?.[1]
  if (scheme === undefined) throw new UrlProblem('It does not begin with postgresql:// or mysql://.')
  const parse = PARSERS.get(scheme)
  if (parse === undefined) {
    throw new UrlProblem(`Addresses that begin with ${scheme}:// are not read. postgresql:// and mysql:// are.`)
  }
  const understood = read(text, parse, accepted)
  const [repeated] = understood.repeated
  if (repeated !== undefined) throw new UrlProblem(`It says ${quoted(repeated)} twice.`)
  const [part] = understood.overridden
  if (part !== undefined) throw new UrlProblem(`It says the ${part} twice, before and behind the question mark.`)
  const refused = understood.dangers.find(({ canConsent }) => !canConsent)
  if (refused !== undefined) throw new UrlProblem(`Its setting “${refused.setting}” is refused. ${refused.what}`)
  const { dialect, nodes, dangers, file: _file, overridden: _overridden, repeated: _repeated, ...rest } = understood
  if (dialect === 'sqlite') throw new Error('No URL of a server says sqlite.')
  return { ...rest, dialect, ...(nodes.length > 0 && { nodes }), ...(dangers.length > 0 && { dangers }) }
}

function read(text: string, parse: (text: string) => Parsed, accepted?: ReadonlySet<string>): Understood {
  try {
    const parsed = parse(text)
    const format = parsed.dialect === 'mysql' ? 'mysql-url' : 'libpq-url'
    return understand(parsed, format, accepted, text)
  } catch (error) {
    if (error instanceof StringProblem) throw new UrlProblem(error.message)
    throw error
  }
}

// A connection string that was pasted with the line of settings or of code that it stands in.

export interface PastedLine {
  text: string
  /** The name that the line gives it; null where it stands in quotes, in a call or alone. */
  name: string | null
}

const KEYWORDS = String.raw`(?:host|hostaddr|port|user|password|dbname|service|ssl\w*)\s*=`
/** How a text begins that is a connection string itself. */
const ADDRESS = new RegExp(
  String.raw`^\s*(?:[a-z][a-z0-9+]*(?::[a-z0-9]+)?:\/\/|jdbc:|sqlite:|${KEYWORDS}|\S*@(?:tcp|unix)\([^)]*\)\/[^"'${'`'}]*$)`,
  'i',
)
/** `export NAME=…`, `NAME = '…'`, `name := "…"`, `name: …`. A blank behind the colon: `jdbc:` and `postgres:psycopg2:` are no names. */
const ASSIGNMENT = /^(?:export[ \t]+|set[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*(?::=|=|:(?=[ \t]))[ \t]*(.+)$/s
const QUOTED = /(["'`])([^"'`]*)\1/g

/** Null where the whole text is to be read, and where two texts in it could be meant. */
export function pastedLine(whole: string): PastedLine | null {
  if (ADDRESS.test(whole)) return null
  const [, name = null, value = whole] = ASSIGNMENT.exec(whole) ?? []
  if (name !== null && ADDRESS.test(value)) return { text: value, name }
  const [quoted, ...others] = [...value.matchAll(QUOTED)].filter(([, , text = '']) => ADDRESS.test(text))
  if (quoted === undefined || others.length > 0) return null
  return { text: quoted[2] ?? '', name: value.startsWith(quoted[0]) ? name : null }
}

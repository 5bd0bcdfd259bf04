// Connection strings under the names that other software gives them, in the environment or in a file.
import type { ConnectionFormat } from '../../shared/connection-strings.ts'

/** One that was found. */
export interface Found {
  /** "SQLALCHEMY_DATABASE_URI" */
  source: string
  text: string
  /** What the name lets expect; another form is taken where the text is not in it. */
  format?: ConnectionFormat
  beside?: { user?: string; password?: string }
  /** Why it cannot be used: it refers to something that stands elsewhere. */
  problem?: string
}

const EXPECTED = new Map<string, ConnectionFormat | undefined>([
  ['SQLALCHEMY_DATABASE_URI', 'sqlalchemy'],
  ['SQLALCHEMY_DATABASE_URL', 'sqlalchemy'],
  ['SQLALCHEMY_URL', 'sqlalchemy'],
  ['PYDAL_URI', 'pydal'],
  ['WEB2PY_DB_URI', 'pydal'],
  ['PY4WEB_DB_URI', 'pydal'],
  ['JDBC_URL', 'jdbc'],
  ['JDBC_DATABASE_URL', 'jdbc'],
  ['SPRING_DATASOURCE_URL', 'jdbc'],
  ['DATABASE_URI', undefined],
  ['DB_URI', undefined],
  ['DB_URL', undefined],
  ['DSN', undefined],
  ['DATABASE_DSN', undefined],
  ['DB_DSN', undefined],
  ['MYSQL_DSN', 'gorm-mysql'],
  ['POSTGRES_DSN', undefined],
  ['POSTGRES_URL', undefined],
  ['MYSQL_URL', undefined],
])
export const OTHER_NAMES: readonly string[] = [...EXPECTED.keys()]

/** Variables in the order of the list above; `DATABASE_URL` last, for forms that are not read in the standard's own way. */
export function fromVariables(variables: NodeJS.Dict<string>): Found[] {
  const found = [...EXPECTED].flatMap(([source, format]): Found[] => {
    const text = variables[source]?.trim()
    if (!text) return []
    return [{ source, text, ...(format && { format }), ...besideOf(source, variables), ...problemOf(text) }]
  })
  const text = variables.DATABASE_URL?.trim()
  return text ? [...found, { source: 'DATABASE_URL', text, ...problemOf(text) }] : found
}

function besideOf(source: string, variables: NodeJS.Dict<string>): Pick<Found, 'beside'> {
  if (source !== 'SPRING_DATASOURCE_URL') return {}
  return { beside: login(variables.SPRING_DATASOURCE_USERNAME, variables.SPRING_DATASOURCE_PASSWORD) }
}

function login(user: string | undefined, password: string | undefined): { user?: string; password?: string } {
  return { ...(user && { user }), ...(password !== undefined && { password }) }
}

const problemOf = (text: string): Pick<Found, 'problem'> =>
  /^[^:]*\$\{|^\$\w/.test(text) ? { problem: 'It refers to another variable, which Roster does not follow.' } : {}

/** `sqlalchemy.url = …` of alembic.ini, `spring.datasource.url=…` of application.properties. */
export function fromLines(content: string): Found[] {
  const said = new Map<string, string>()
  for (const line of content.split(/\r\n|\n|\r/)) {
    const match = /^[ \t]*(sqlalchemy\.url|spring\.datasource\.(?:url|username|password))[ \t]*[=:][ \t]*(.*)$/.exec(
      line,
    )
    if (match?.[1] !== undefined && !said.has(match[1])) said.set(match[1], (match[2] ?? '').trim())
  }
  const found: Found[] = []
  const ini = said.get('sqlalchemy.url')
  if (ini) found.push({ source: 'sqlalchemy.url', format: 'sqlalchemy', ...readIni(ini) })
  const spring = said.get('spring.datasource.url')
  if (spring) {
    const text = readProperty(spring)
    const value = (name: string) => {
      const written = said.get(`spring.datasource.${name}`)
      return written === undefined ? undefined : readProperty(written)
    }
    const beside = login(value('username'), value('password'))
    found.push({ source: 'spring.datasource.url', text, format: 'jdbc', beside, ...problemOf(text) })
  }
  return found
}

/** In an ini file of Python %% is a %, and %(name)s is another option. */
function readIni(written: string): Pick<Found, 'text' | 'problem'> {
  const text = written.replaceAll('%%', '%')
  if (/%(?!%)/.test(written.replaceAll('%%', ''))) {
    return {
      text,
      problem: 'It holds a single %, with which an ini file refers to another option. A % itself is written as %%.',
    }
  }
  return { text }
}

/** In a properties file a backslash escapes, and \uXXXX is a letter. */
function readProperty(written: string): string {
  return written.replaceAll(
    /\\(?:u([0-9a-fA-F]{4})|(.))/g,
    (_, code: string | undefined, letter: string | undefined) =>
      code === undefined
        ? ({ t: '\t', n: '\n', r: '\r', f: '\f' }[letter ?? ''] ?? letter ?? '')
        : String.fromCharCode(Number.parseInt(code, 16)),
  )
}

/** The only line of a file, comments left out; null where there are more of them. */
export function onlyLine(content: string): string | null {
  const lines = content.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '' && !/^\s*[#;]/.test(line))
  return lines.length === 1 ? (lines[0]?.trim() ?? null) : null
}

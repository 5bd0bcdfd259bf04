// JDBC URLs: each driver reads its own kind in its own way.
import { parseJdbcMariadb, parseJdbcMysql } from './jdbc-mysql.ts'
import { cutAt, NOTHING, OtherForm, StringProblem, type Option, type Parsed } from './parsed.ts'
import { decodeJava } from './percent.ts'
import { readFileUri } from './sqlite-uri.ts'

export function parseJdbc(text: string): Parsed {
  const kind = /^jdbc:([a-z]+)/.exec(text)?.[1]
  switch (kind) {
    case 'postgresql':
      return parsePostgres(text)
    case 'mysql':
      return parseJdbcMysql(text)
    case 'mariadb':
      return parseJdbcMariadb(text)
    case 'sqlite':
      return parseSqlite(text)
    default:
      throw new OtherForm('It does not begin with jdbc:postgresql:, jdbc:mysql:, jdbc:mariadb: or jdbc:sqlite:.')
  }
}

function parsePostgres(text: string): Parsed {
  const [front, query] = cutAt(text, '?')
  if (!front.startsWith('jdbc:postgresql:')) throw new OtherForm('It does not begin with jdbc:postgresql:.')
  const rest = front.slice('jdbc:postgresql:'.length)
  const options = readQuery(query ?? '')
  const plain = { ...NOTHING, dialect: 'postgres' as const, options }
  if (rest === '//' || rest === '///') return plain
  if (!rest.startsWith('//')) {
    if (rest.startsWith('/')) throw new StringProblem('One / stands where two or none have to.')
    return { ...plain, database: decodeJava(rest, 'database') || null, tail: rest }
  }
  const [list, database] = cutAt(rest.slice(2), '/')
  if (database === null) throw new StringProblem('The / behind the host is missing.')
  if (database.includes('/')) throw new StringProblem('It has too many /.')
  const places = list.split(',').map((each) => {
    const colon = each.lastIndexOf(':')
    const hasPort = colon >= 0 && each.lastIndexOf(']') < colon
    const port = hasPort ? each.slice(colon + 1) : '5432'
    if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
      throw new StringProblem('Its port is not a number from 1 to 65535.')
    }
    return { host: hasPort ? each.slice(0, colon) || 'localhost' : each, port }
  })
  return { ...plain, places, database: decodeJava(database, 'database') || null, tail: database }
}

/** Names are taken as they are written; of one that is said twice the last counts. */
function readQuery(query: string): Option[] {
  return query.split('&').flatMap((pair) => {
    if (pair === '') return []
    const [key, value] = cutAt(pair, '=')
    return [
      { key, value: value === null ? '' : decodeJava(value, key === 'password' ? 'password' : 'value of a setting') },
    ]
  })
}

function parseSqlite(text: string): Parsed {
  const name = text.startsWith('jdbc:sqlite:') ? text.slice('jdbc:sqlite:'.length) : null
  if (name === null) throw new OtherForm('It does not begin with jdbc:sqlite:.')
  if (name.startsWith(':resource:')) throw new StringProblem('It names a resource of a Java program, which is no file.')
  const plain = { ...NOTHING, dialect: 'sqlite' as const }
  if (name.startsWith('file:')) return { ...plain, ...readFileUri(name, 'working-directory') }
  const [path, query] = cutAt(name, '?')
  const options = readQuery(query ?? '')
  if (path === '' || path === ':memory:') return { ...plain, options }
  return { ...plain, options, file: { path, base: 'working-directory' } }
}

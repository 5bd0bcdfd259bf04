// mysql:// and mariadb:// URLs. Many libraries read them, each a little differently; what they disagree about is refused.
import { cutAt, NOTHING, OtherForm, StringProblem, type Option, type Parsed } from './parsed.ts'
import { decodeStrictly } from './percent.ts'
import { readPlaces } from './place-list.ts'

export function parseMysqlUrl(text: string): Parsed {
  const scheme = /^(?:mysql|mariadb):\/\//.exec(text)?.[0]
  if (scheme === undefined) throw new OtherForm('It does not begin with mysql:// or mariadb://.')
  const rest = text.slice(scheme.length)
  if (rest.includes('#'))
    throw new StringProblem('It holds a bare #, which some libraries cut at. It is written as %23.')
  const end = rest.search(/[/?]/)
  const authority = end < 0 ? rest : rest.slice(0, end)
  const behind = end < 0 ? '' : rest.slice(end)
  const [left, right] = cutAt(authority, '@')
  if (right?.includes('@')) {
    throw new StringProblem('There is a second @. One in a user name or a password is written as %40.')
  }
  const [user, password] = right === null ? [null, null] : cutAt(left, ':')
  const [path, query] = behind.startsWith('/')
    ? cutAt(behind.slice(1), '?')
    : ['', behind === '' ? null : behind.slice(1)]
  const places = readPlaces(right ?? left).written.map(({ host, port }) => ({
    host: decodeStrictly(host, 'host'),
    port,
  }))
  return {
    ...NOTHING,
    dialect: 'mysql',
    user: user ? decodeStrictly(user, 'user') : null,
    password: password === null ? null : decodeStrictly(password, 'password'),
    places: places.some(({ host, port }) => host !== '' || port) ? places : [],
    database: path === '' ? null : decodeStrictly(path, 'database'),
    options: readQuery(query ?? ''),
    tail: `${path}?${query ?? ''}`,
  }
}

function readQuery(query: string): Option[] {
  if (query === '') return []
  return query.split('&').map((pair) => {
    const [name, written] = cutAt(pair, '=')
    if (written === null || name === '')
      throw new StringProblem('Behind the ?, a setting without a name or a value stands.')
    const key = decodeStrictly(name, 'name of a setting')
    return { key, value: decodeStrictly(written, key === 'password' ? 'password' : 'value of a setting') }
  })
}

// `file:` names, as SQLite itself reads them.
import { cutAt, StringProblem, type Option, type SqliteFile } from './parsed.ts'

/** Throws StringProblem where the URI names another machine. `file` is null for a database in memory. */
export function readFileUri(text: string, base: SqliteFile['base']): { file: SqliteFile | null; options: Option[] } {
  const [withoutFragment] = cutAt(text.slice('file:'.length), '#')
  const [name, query] = cutAt(withoutFragment, '?')
  const authority = /^\/\/([^/]*)/.exec(name)
  if (authority !== null && authority[1] !== '' && authority[1] !== 'localhost') {
    throw new StringProblem('Its file: address names another machine. SQLite opens files of this one alone.')
  }
  const path = decodeLeniently(authority === null ? name : name.slice(authority[0].length))
  const options = (query ?? '').split('&').flatMap((pair) => {
    const [key, value] = cutAt(pair, '=')
    return key === '' ? [] : [{ key: decodeLeniently(key), value: decodeLeniently(value ?? '') }]
  })
  const isMemory =
    path === '' || path === ':memory:' || options.some(({ key, value }) => key === 'mode' && value === 'memory')
  return { file: isMemory ? null : { path: path.replace(/^\/(?=[A-Za-z]:[\\/])/, ''), base }, options }
}

/** Two hexadecimal digits or nothing; SQLite ends the part at a NUL. */
function decodeLeniently(text: string): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const decoded = text.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
    decoder.decode(Buffer.from(run.replaceAll('%', ''), 'hex')),
  )
  return cutAt(decoded, '\0')[0]
}

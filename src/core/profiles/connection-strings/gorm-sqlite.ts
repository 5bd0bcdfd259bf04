// GORM's DSNs for SQLite, as go-sqlite3 reads them: the name of a file, or a file: URI.
import { cutAt, NOTHING, type Option, type Parsed } from './parsed.ts'
import { decodeGo } from './percent.ts'
import { readFileUri } from './sqlite-uri.ts'

export function parseGormSqlite(text: string): Parsed {
  const question = text.indexOf('?')
  // A ? at the very beginning belongs to the name.
  const hasQuery = question >= 1
  if (text.startsWith('file:')) {
    const { file, options } = readFileUri(text, 'working-directory')
    return { ...NOTHING, dialect: 'sqlite', options, file }
  }
  const name = hasQuery ? text.slice(0, question) : text
  const options = hasQuery ? readQuery(text.slice(question + 1)) : []
  const isMemory = name === '' || name === ':memory:'
  return { ...NOTHING, dialect: 'sqlite', options, file: isMemory ? null : { path: name, base: 'working-directory' } }
}

function readQuery(query: string): Option[] {
  return query.split('&').flatMap((pair) => {
    const [key, value] = cutAt(pair, '=')
    return key === ''
      ? []
      : [
          {
            key: decodeGo(key, 'name of a setting', true),
            value: decodeGo(value ?? '', 'value of a setting', true),
          },
        ]
  })
}

// Prints the path of a SQLite file in the forms that can say one.
import { encode } from './percent.ts'
import { NotExpressible, type Printed } from './address.ts'

/** `file` is a full path. */
export function printFile(format: 'sqlalchemy' | 'pydal' | 'jdbc' | 'gorm-sqlite', file: string): Printed {
  if (/\p{Cc}/u.test(file) || !file.isWellFormed())
    throw new NotExpressible(
      'The path of the file holds a control character, or half of one, which no connection string can say.',
    )
  switch (format) {
    case 'sqlalchemy': {
      if (file.includes('?'))
        throw new NotExpressible('The path holds a ?, at which SQLAlchemy ends it; nothing in it is decoded.')
      const notes = /%[0-9a-f]{2}/i.test(file)
        ? ['SQLAlchemy 2.0 takes the path as it is written; 2.1 decodes what follows a %.']
        : []
      return { text: `sqlite:///${file}`, notes }
    }
    case 'pydal':
      return { text: `sqlite://${file}`, notes: [] }
    case 'jdbc':
      return { text: `jdbc:sqlite:${asName(file)}`, notes: [] }
    case 'gorm-sqlite':
      return { text: asName(file), notes: [] }
  }
}

/** As it is, unless it holds a ?, which only a file: URI can say. */
function asName(file: string): string {
  return file.includes('?') ? `file:${file.split('/').map(encode).join('/')}` : file
}

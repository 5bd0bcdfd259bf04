// Names of tables and columns on their way through knex, which takes some letters of a name for its own: a dot for the end
// of a schema, " as " for an alias, a question mark for a value, a star for all columns.

/** Stand-ins from Unicode's private use area, which no name is made of. */
const STANDINS = [
  ['.', '\uE000'],
  ['?', '\uE001'],
  [' ', '\uE002'],
  ['*', '\uE003'],
] as const

/** One identifier, to be given to knex where it takes one (`??`, a column of insert). `restoreNames` must follow. */
export function plainName(identifier: string): string {
  return STANDINS.reduce((name, [letter, standin]) => name.replaceAll(letter, standin), identifier)
}

/** The SQL that knex made, with the names as they are. */
export function restoreNames(sql: string): string {
  return STANDINS.reduce((text, [letter, standin]) => text.replaceAll(standin, letter), sql)
}

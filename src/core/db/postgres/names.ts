// How tables are named. A table on the search path goes by its own name; any other as schema.table. A part that holds a dot
// or a quote is written in double quotes, as SQL does, so that every name can be taken apart again.

export interface TableName {
  /** Null: whichever schema of the search path has it first. */
  schema: string | null
  table: string
}

/** An identifier quoted for SQL text; any name is possible, also with quotes inside. */
export const quote = (identifier: string) => `"${identifier.replaceAll('"', '""')}"`

const part = (name: string) => (name === '' || /["."]/.test(name) ? quote(name) : name)

export function toName({ schema, table }: TableName): string {
  return schema === null ? part(table) : `${part(schema)}.${part(table)}`
}

const PART = /"(?:[^"]|"")*"|[^."]+/
const NAME = new RegExp(`^(?:(${PART.source})\\.)?(${PART.source})$`, 's')

/** Null for text that names no table. */
export function parseName(name: string): TableName | null {
  const found = NAME.exec(name)
  if (!found) return null
  const bare = (text: string) => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text)
  return { schema: found[1] === undefined ? null : bare(found[1]), table: bare(found[2] ?? '') }
}

/** A table's name, as `toName` gives it, for SQL text. */
export function quoteTable(name: string): string {
  const { schema, table } = parseName(name) ?? { schema: null, table: name }
  return schema === null ? quote(table) : `${quote(schema)}.${quote(table)}`
}

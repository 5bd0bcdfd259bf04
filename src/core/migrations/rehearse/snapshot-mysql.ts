// The lines of a MySQL or MariaDB schema, the session's default database: a fixed number of questions, however many tables.
import { defaultText, isMariadb, unusedIndex } from '../../db/mysql/flavour.ts'
import { collectParts, joined, linesOf, textOf, type Ask, type Parts } from './parts.ts'
import type { PartKind, Snapshot } from './snapshot.ts'

type Row = Record<string, unknown>

export async function readMysql(ask: Ask): Promise<Snapshot> {
  const [about = {}] = await ask('SELECT VERSION() AS version, DATABASE() AS here')
  const isMaria = isMariadb(textOf(about.version))
  const here = textOf(about.here)
  const parts = collectParts()
  const tables = await addTables(ask, parts)
  const addTo = (row: Row, ...lines: string[]) => {
    const name = textOf(row.name)
    const kind = tables.get(name)?.kind
    if (kind && kind !== 'sequence') parts.add(kind, name, ...lines)
  }
  for (const row of await ask(COLUMNS)) {
    addTo(row, columnLine(row, isMaria, tables.get(textOf(row.name))?.collation ?? ''))
  }
  for (const [name, line] of indexLines(await ask(indexes(isMaria)))) addTo({ name }, line)
  for (const [name, line] of foreignKeyLines(await ask(FOREIGN_KEYS), here)) addTo({ name }, line)
  for (const row of await ask(isMaria ? CHECKS_MARIADB : CHECKS_MYSQL)) {
    addTo(row, `check ${textOf(row.check)} (${textOf(row.clause)})`)
  }
  for (const row of await ask(PARTITIONS)) addTo(row, partitionLine(row))
  for (const row of await ask(TRIGGERS)) {
    const when = `${textOf(row.timing)} ${textOf(row.event)}`.toLowerCase()
    addTo(row, ...linesOf(`trigger ${textOf(row.trigger)} ${when} ${textOf(row.body)}`))
  }
  for (const row of await ask(VIEWS)) addTo(row, ...linesOf(withoutSchema(textOf(row.definition), here)))
  for (const row of await ask(ROUTINES)) {
    parts.add('function', textOf(row.name), ...linesOf(`${textOf(row.type).toLowerCase()} ${textOf(row.body)}`))
  }
  return { parts: parts.list(), sequences: new Map() }
}

interface Table {
  kind: PartKind
  collation: string
}

async function addTables(ask: Ask, parts: Parts): Promise<Map<string, Table>> {
  const tables = new Map<string, Table>()
  for (const row of await ask(TABLES)) {
    const name = textOf(row.name)
    const type = textOf(row.type)
    const kind = type === 'VIEW' ? 'view' : type === 'SEQUENCE' ? 'sequence' : 'table'
    tables.set(name, { kind, collation: textOf(row.collation) })
    parts.add(kind, name, ...(kind === 'table' ? [tableLine(row)] : []))
  }
  return tables
}

const TABLES = `
  SELECT TABLE_NAME AS name, TABLE_TYPE AS type, ENGINE AS engine, TABLE_COLLATION AS collation,
    CREATE_OPTIONS AS options, TABLE_COMMENT AS comment
  FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() ORDER BY BINARY TABLE_NAME`

/** "InnoDB, utf8mb4_general_ci" */
function tableLine(row: Row): string {
  const comment = textOf(row.comment)
  const words = [textOf(row.engine), textOf(row.collation), textOf(row.options)]
  if (row.type === 'SYSTEM VERSIONED') words.push('with system versioning')
  if (comment !== '') words.push(`comment ${quoted(comment)}`)
  return words.filter((word) => word !== '').join(', ')
}

const COLUMNS = `
  SELECT TABLE_NAME AS name, COLUMN_NAME AS col, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, COLUMN_DEFAULT AS told,
    EXTRA AS extra, COLLATION_NAME AS collation, GENERATION_EXPRESSION AS expression, COLUMN_COMMENT AS comment
  FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY BINARY TABLE_NAME, ORDINAL_POSITION`

function columnLine(row: Row, isMaria: boolean, collation: string): string {
  const [extra, type, expression] = [textOf(row.extra), textOf(row.type), textOf(row.expression)]
  const byDefault =
    expression === '' ? defaultText(isMaria, row.told === null ? null : textOf(row.told), extra, type) : null
  const own = textOf(row.collation)
  const rest = extra.replace(/\bDEFAULT_GENERATED\b|\b(VIRTUAL|STORED|PERSISTENT) GENERATED\b/gi, '').trim()
  const comment = textOf(row.comment)
  return joined(
    `${textOf(row.col)} ${type}`,
    own === '' || collation === '' || own === collation ? '' : `collate ${own}`,
    expression === '' ? '' : `generated always as (${expression})`,
    /STORED|PERSISTENT/i.test(extra) ? 'stored' : '',
    row.nullable === 'NO' ? 'not null' : '',
    byDefault === null ? '' : `default ${byDefault}`,
    rest.toLowerCase(),
    comment === '' ? '' : `comment ${quoted(comment)}`,
  )
}

const indexes = (isMaria: boolean) => `
  SELECT TABLE_NAME AS name, INDEX_NAME AS idx, NON_UNIQUE AS several, SUB_PART AS part, COLLATION AS direction,
    INDEX_TYPE AS type, ${isMaria ? 'COLUMN_NAME' : "COALESCE(COLUMN_NAME, CONCAT('(', EXPRESSION, ')'))"} AS col,
    ${unusedIndex(isMaria)} AS unused
  FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()
  ORDER BY BINARY TABLE_NAME, INDEX_NAME <> 'PRIMARY', NON_UNIQUE, BINARY INDEX_NAME, SEQ_IN_INDEX`

function indexLines(rows: Row[]): [table: string, line: string][] {
  return grouped(rows, 'idx').map((group) => {
    const [first = {}] = group
    const type = textOf(first.type)
    const isUnique = Number(first.several) === 0
    const plain = isUnique ? 'unique' : /^(FULLTEXT|SPATIAL)$/.test(type) ? `${type.toLowerCase()} index` : 'index'
    const start = first.idx === 'PRIMARY' ? 'primary key' : `${plain} ${textOf(first.idx)}`
    const columns = group.map(({ col, part, direction }) =>
      joined(`${textOf(col)}${part === null ? '' : `(${textOf(part)})`}`, direction === 'D' ? 'desc' : ''),
    )
    return [
      textOf(first.name),
      joined(
        start,
        `(${columns.join(', ')})`,
        type === 'HASH' ? 'using hash' : '',
        first.unused === 'YES' ? '(unused)' : '',
      ),
    ]
  })
}

const FOREIGN_KEYS = `
  SELECT k.TABLE_NAME AS name, k.CONSTRAINT_NAME AS fk, k.COLUMN_NAME AS col, k.REFERENCED_TABLE_SCHEMA AS otherschema,
    k.REFERENCED_TABLE_NAME AS othertable, k.REFERENCED_COLUMN_NAME AS othercol, r.UPDATE_RULE AS onupdate, r.DELETE_RULE AS ondelete
  FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r
    ON r.CONSTRAINT_SCHEMA = DATABASE() AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
  WHERE k.TABLE_SCHEMA = DATABASE() AND k.CONSTRAINT_SCHEMA = DATABASE() AND k.REFERENCED_TABLE_NAME IS NOT NULL
  ORDER BY BINARY k.TABLE_NAME, BINARY k.CONSTRAINT_NAME, k.ORDINAL_POSITION`

function foreignKeyLines(rows: Row[], here: string): [table: string, line: string][] {
  return grouped(rows, 'fk').map((group) => {
    const [first = {}] = group
    const schema = textOf(first.otherschema)
    const other = `${schema === here ? '' : `${schema}.`}${textOf(first.othertable)}`
    const columnsOf = (column: string) => `(${group.map((row) => textOf(row[column])).join(', ')})`
    const rule = (when: string, told: unknown) =>
      /^(RESTRICT|NO ACTION|)$/.test(textOf(told)) ? '' : `${when} ${textOf(told).toLowerCase()}`
    return [
      textOf(first.name),
      joined(
        `foreign key ${textOf(first.fk)} ${columnsOf('col')} → ${other} ${columnsOf('othercol')}`,
        rule('on delete', first.ondelete),
        rule('on update', first.onupdate),
      ),
    ]
  })
}

/** Rows of one thing of one table, which come one after the other. */
function grouped(rows: Row[], by: string): Row[][] {
  const groups: Row[][] = []
  for (const row of rows) {
    const last = groups.at(-1)
    if (last?.[0]?.name === row.name && last?.[0]?.[by] === row[by]) last?.push(row)
    else groups.push([row])
  }
  return groups
}

const CHECKS_MARIADB = `
  SELECT TABLE_NAME AS name, CONSTRAINT_NAME AS \`check\`, CHECK_CLAUSE AS clause
  FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()
  ORDER BY BINARY TABLE_NAME, BINARY CONSTRAINT_NAME`

const CHECKS_MYSQL = `
  SELECT t.TABLE_NAME AS name, c.CONSTRAINT_NAME AS \`check\`, c.CHECK_CLAUSE AS clause
  FROM information_schema.TABLE_CONSTRAINTS t JOIN information_schema.CHECK_CONSTRAINTS c
    ON c.CONSTRAINT_SCHEMA = t.CONSTRAINT_SCHEMA AND c.CONSTRAINT_NAME = t.CONSTRAINT_NAME
  WHERE t.TABLE_SCHEMA = DATABASE() AND t.CONSTRAINT_TYPE = 'CHECK'
  ORDER BY BINARY t.TABLE_NAME, BINARY c.CONSTRAINT_NAME`

const PARTITIONS = `
  SELECT TABLE_NAME AS name, PARTITION_NAME AS part, PARTITION_METHOD AS method, PARTITION_EXPRESSION AS expression,
    PARTITION_DESCRIPTION AS bounds
  FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = DATABASE() AND PARTITION_NAME IS NOT NULL
  ORDER BY BINARY TABLE_NAME, PARTITION_ORDINAL_POSITION, SUBPARTITION_ORDINAL_POSITION`

function partitionLine({ part, method, expression, bounds }: Row): string {
  return joined(`partition ${textOf(part)} by ${textOf(method).toLowerCase()} (${textOf(expression)})`, textOf(bounds))
}

const TRIGGERS = `
  SELECT EVENT_OBJECT_TABLE AS name, TRIGGER_NAME AS \`trigger\`, ACTION_TIMING AS timing, EVENT_MANIPULATION AS event,
    ACTION_STATEMENT AS body
  FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()
  ORDER BY BINARY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER`

const VIEWS = `
  SELECT TABLE_NAME AS name, VIEW_DEFINITION AS definition FROM information_schema.VIEWS
  WHERE TABLE_SCHEMA = DATABASE() ORDER BY BINARY TABLE_NAME`

const ROUTINES = `
  SELECT ROUTINE_NAME AS name, ROUTINE_TYPE AS type, ROUTINE_DEFINITION AS body FROM information_schema.ROUTINES
  WHERE ROUTINE_SCHEMA = DATABASE() ORDER BY BINARY ROUTINE_NAME, ROUTINE_TYPE`

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

/** Views are told with their schema before each name, which would differ where nothing else does. */
const withoutSchema = (sql: string, here: string) => sql.replaceAll(`\`${here.replaceAll('`', '``')}\`.`, '')

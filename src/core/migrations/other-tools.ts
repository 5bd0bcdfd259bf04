// The ledgers of other tools, as they are: whoever has one builds the schema of this database. Only reads.
import type { OtherTool } from '../../shared/migration-steps.ts'
import type { SchemaLook } from '../db/database.ts'
import { parseName } from '../db/postgres/names.ts'
import { LEDGER_TABLE } from './ledger.ts'
import { pydalFiles } from './pydal-files.ts'
import { columnNamed, columnsOf, plain, quotedTable, refusalIn, textOf, type Asking } from './read-table.ts'

interface LedgerOf {
  /** In lower case. */
  table: string
  tool: string
  /** Columns that the tool's table has; without them the table is somebody else's. */
  needs: readonly string[]
  /** Columns that make a line, as far as they are there, in order. */
  shows: readonly string[]
  /** By the first of these that is there: the newest comes last. */
  order: readonly string[]
}

/** Tables of one name are told apart by their columns: the first that fits. */
const LEDGERS: readonly LedgerOf[] = [
  { table: 'alembic_version', tool: 'Alembic', needs: ['version_num'], shows: ['version_num'], order: [] },
  {
    table: 'django_migrations',
    tool: 'Django',
    needs: ['app', 'name'],
    shows: ['app', 'name', 'applied'],
    order: ['id', 'applied'],
  },
  {
    table: 'flyway_schema_history',
    tool: 'Flyway',
    needs: ['installed_rank'],
    shows: ['version', 'description', 'script', 'installed_on', 'success'],
    order: ['installed_rank'],
  },
  {
    table: 'databasechangelog',
    tool: 'Liquibase',
    needs: ['id', 'author'],
    shows: ['id', 'author', 'filename', 'dateexecuted', 'exectype'],
    order: ['orderexecuted', 'dateexecuted'],
  },
  {
    table: 'schema_migrations',
    tool: 'golang-migrate',
    needs: ['version', 'dirty'],
    shows: ['version', 'dirty'],
    order: ['version'],
  },
  {
    table: 'schema_migrations',
    tool: 'Ecto',
    needs: ['version', 'inserted_at'],
    shows: ['version', 'inserted_at'],
    order: ['version'],
  },
  {
    table: 'schema_migrations',
    tool: 'Rails, or another tool with its table',
    needs: ['version'],
    shows: ['version'],
    order: ['version'],
  },
  {
    table: 'goose_db_version',
    tool: 'goose',
    needs: ['version_id'],
    shows: ['version_id', 'is_applied', 'tstamp'],
    order: ['id', 'tstamp'],
  },
  {
    table: '_prisma_migrations',
    tool: 'Prisma',
    needs: ['migration_name'],
    shows: ['migration_name', 'finished_at', 'rolled_back_at'],
    order: ['started_at', 'finished_at'],
  },
  { table: 'sequelizemeta', tool: 'Sequelize', needs: ['name'], shows: ['name'], order: ['name'] },
  {
    table: 'atlas_schema_revisions',
    tool: 'Atlas',
    needs: ['version'],
    shows: ['version', 'description', 'executed_at', 'error'],
    order: ['version'],
  },
  {
    table: '__efmigrationshistory',
    tool: 'Entity Framework',
    needs: ['migrationid'],
    shows: ['migrationid', 'productversion'],
    order: ['migrationid'],
  },
]

/** As `OtherTool.tool` has it. */
export const OTHER_KNEX = 'knex, with a ledger of another name'

/** knex lets a project name its ledger, and puts a table with this ending beside it. Any table may be called like that. */
const KNEX: Omit<LedgerOf, 'table'> = {
  tool: OTHER_KNEX,
  needs: ['name', 'batch', 'migration_time'],
  shows: ['name', 'batch'],
  order: ['id'],
}
const KNEX_LOCK = '_lock'

const LINES = 20
/** Characters of one value in a line. */
const VALUE = 200

type Tables = Awaited<ReturnType<SchemaLook['tables']>>

/** `file`: the database's own on SQLite, beside which PyDAL keeps its records. Odd tables are shown as what they are. */
export async function readOtherTools(
  asking: Asking,
  look: SchemaLook,
  tables: Tables,
  file: string | null,
): Promise<OtherTool[]> {
  const found: OtherTool[] = []
  const names = new Set(tables.map(({ name }) => spelled(asking, name)))
  for (const { name } of tables) {
    const bare = bareName(asking, name)
    const candidates = LEDGERS.filter(({ table }) => table === bare)
    if (candidates.length > 0) found.push(await readOne(asking, look, name, candidates))
    else if (bare !== LEDGER_TABLE && names.has(spelled(asking, name, KNEX_LOCK)))
      found.push(...(await ofKnex(asking, look, name)))
  }
  const pydal = file === null ? null : await pydalFiles(file, LINES)
  return pydal ? [...found, pydal] : found
}

function bareName({ dialect }: Asking, name: string): string {
  return (dialect === 'postgres' ? (parseName(name)?.table ?? name) : name).toLowerCase()
}

/** PostgreSQL's names come with a schema, and in quotes where they need them. */
function spelled({ dialect }: Asking, name: string, ending = ''): string {
  const parsed = dialect === 'postgres' ? parseName(name) : null
  return parsed ? JSON.stringify([parsed.schema, parsed.table + ending]) : name + ending
}

/** Empty for a table that is none of knex's. */
async function ofKnex(asking: Asking, look: SchemaLook, table: string): Promise<OtherTool[]> {
  try {
    const columns = await columnsOf(asking, look, table)
    if (!KNEX.needs.every((name) => columnNamed(columns, name) !== null)) return []
  } catch (error) {
    refusalIn(error)
    return []
  }
  return [await readOne(asking, look, table, [{ ...KNEX, table }])]
}

async function readOne(
  asking: Asking,
  look: SchemaLook,
  where: string,
  candidates: readonly LedgerOf[],
): Promise<OtherTool> {
  const fallback = candidates.at(-1)?.tool ?? ''
  try {
    const columns = await columnsOf(asking, look, where)
    const ledger = candidates.find(({ needs }) => needs.every((name) => columnNamed(columns, name) !== null))
    const table = quotedTable(asking, where)
    const { rows } = await look.read(plain(`select count(*) from ${table}`))
    const count = Number(rows[0]?.[0] ?? 0)
    if (!ledger) {
      const names = columns.slice(0, LINES).join(', ')
      return { tool: fallback, where, count, lines: [`Not in the shape that ${fallback} gives it. Columns: ${names}`] }
    }
    return { tool: ledger.tool, where, count, lines: await linesOf(asking, look, table, columns, ledger) }
  } catch (error) {
    return { tool: fallback, where, count: 0, lines: [`It cannot be read: ${refusalIn(error)}`] }
  }
}

async function linesOf(
  asking: Asking,
  look: SchemaLook,
  table: string,
  columns: readonly string[],
  { shows, order, needs }: LedgerOf,
): Promise<string[]> {
  const there = (names: readonly string[]) => names.flatMap((name) => columnNamed(columns, name) ?? [])
  const shown = there(shows)
  const by = there(order)[0] ?? there(needs)[0] ?? ''
  const list = shown.map((name) => asking.quote(name)).join(', ')
  const sql = `select ${list} from ${table} order by ${asking.quote(by)} desc limit ${LINES}`
  const { rows } = await look.read(plain(sql))
  return rows.map((row) => row.flatMap((cell, index) => partOf(shown[index] ?? '', textOf(cell))).join(' · '))
}

/** Flags say what they are; anything else speaks for itself. */
function partOf(column: string, value: string | null): string[] {
  if (value === null || value === '') return []
  const name = column.toLowerCase()
  const isTrue = ['1', 't', 'true'].includes(value.toLowerCase())
  if (name === 'batch') return [`batch ${value}`]
  if (name === 'dirty') return isTrue ? ['dirty: its last run ended in the middle'] : []
  if (name === 'success') return isTrue ? [] : ['failed']
  if (name === 'is_applied') return isTrue ? ['applied'] : ['rolled back']
  if (name === 'rolled_back_at') return [`rolled back ${value}`]
  return [value.length <= VALUE ? value : `${value.slice(0, VALUE - 1)}…`]
}

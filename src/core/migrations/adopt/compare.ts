// An existing table beside what a step would make. Only reads, and runs nothing of the step.
import type { Adoption, OtherTool } from '../../../shared/migration-steps.ts'
import type { TableShape } from '../../db/database.ts'
import { sqlDialects } from '../../db/sql-dialects.ts'
import { encodingsOf } from '../../encodings/encodings.ts'
import { Refusal } from '../../refusal.ts'
import { readLedger } from '../ledger.ts'
import { readOtherTools } from '../other-tools.ts'
import type { Project } from '../project.ts'
import { hasTable, plain, quotedTable } from '../read-table.ts'
import type { StepFile } from '../step.ts'
import { closingMigration } from './closing.ts'
import { compareColumns, type Finding } from './columns.ts'
import { beginningWith, readIndexes, type Indexes } from './indexes.ts'
import { madeBySql, type MadeBySql } from './made-by-sql.ts'
import { ownerOf, statementThatMade } from './owner.ts'
import { STANDARD_COLUMNS, STANDARD_INDEXES, STANDARD_TABLE } from './standard.ts'

/** Throws STEP_REFUSED for a step that is applied, makes nothing that is known, or whose table is not there. */
export async function compareTable(project: Project, name: string, signal: AbortSignal): Promise<Adoption> {
  const step = project.files.find((file) => file.name === name)
  if (!step) throw refused(name, `There is no step ${name} in the folder any more. Look at the list again.`)
  const seen = await lookAround(project, step, signal)
  if (seen.isApplied) throw refused(name, `${name} is applied already, so that there is nothing to adopt.`)
  const { dialect } = project.database
  const made = project.folder.trust === 'trusted' ? madeBySql(step, dialect) : null
  if (made) return byName(step, made, seen, project)
  const columns = STANDARD_INDEXES.get(step.key)
  if (project.folder.trust !== 'built-in' || (step.creates === undefined && !columns)) {
    throw refused(name, `What ${name} makes cannot be told without running it, so that nothing can be compared.`)
  }
  const table = step.creates ?? STANDARD_TABLE
  const shape = await project.database.describe(table, signal)
  if (!shape) throw refused(name, `There is no table ${table}. Run ${name} instead: it makes what it needs.`)
  const owner = ownerOf({ shape, indexes: seen.indexes.all, tools: seen.tools, made: seen.made })
  if (columns) return byIndex(step, columns, { ...seen, owner, shape })
  const findings = await columnFindings(project, shape, signal)
  const closing = owner === null ? closingMigration(shape, dialect) : null
  return { name, table: shape.name, isCompatible: isCompatible(findings), findings, owner, closing }
}

interface Seen {
  tables: readonly { name: string }[]
  isApplied: boolean
  tools: OtherTool[]
  indexes: Indexes
  made: string | null
}

function lookAround(project: Project, step: StepFile, signal: AbortSignal): Promise<Seen> {
  const { database } = project
  return database.schemaLook(signal, async (look) => {
    const tables = await look.tables()
    const { rows } = await readLedger(database, look, tables)
    return {
      tables,
      isApplied: rows.some(({ key }) => key === step.key),
      tools: await readOtherTools(database, look, tables, project.file ?? null),
      indexes: await readIndexes(database.dialect, look, STANDARD_TABLE),
      made: database.dialect === 'sqlite' ? await statementThatMade(look, STANDARD_TABLE) : null,
    }
  })
}

const isCompatible = (findings: readonly Finding[]) =>
  findings.every(({ verdict }) => verdict === 'same' || verdict === 'compatible')

async function columnFindings({ database }: Project, shape: TableShape, signal: AbortSignal): Promise<Finding[]> {
  if (shape.kind === 'view') {
    const text = `${shape.name} is a view: its rows come from other tables, and are changed there.`
    return [{ what: shape.name, verdict: 'incompatible', text }]
  }
  const encodings = await encodingsOf(database, sqlDialects[database.dialect], shape, signal)
  const unsure = shape.columns.filter(({ name }) => {
    const isStandard = STANDARD_COLUMNS.some((wanted) => wanted.name === name.toLowerCase())
    return isStandard && (encodings.get(name)?.codec ?? null) === null && !/password/i.test(name)
  })
  const empty = new Set<string>()
  for (const { name } of unsure) {
    const sql = `select 1 from ${quotedTable(database, shape.name)} where ${database.quote(name)} is not null limit 1`
    const { rows } = await database.read(plain(sql), signal)
    if (rows.length === 0) empty.add(name)
  }
  return compareColumns({ dialect: database.dialect, shape, encodings, empty })
}

/** Another name, or further columns behind it, serve as well. */
function byIndex(
  { name }: StepFile,
  columns: readonly string[],
  { shape, indexes, owner }: { shape: TableShape; indexes: Indexes; owner: string | null },
): Adoption {
  const what = columns.join(', ')
  const index = beginningWith(indexes, columns)
  const own = index?.columns.join(', ')
  const finding: Finding = !index
    ? { what, verdict: 'missing', text: `No index of ${shape.name} begins with ${what}. Run ${name}: it makes one.` }
    : own === what
      ? { what, verdict: 'same', text: `The index ${index.name} has these columns.` }
      : { what, verdict: 'compatible', text: `The index ${index.name} (${own}) gives the same order.` }
  return {
    name,
    table: shape.name,
    isCompatible: index !== null,
    findings: [finding],
    owner,
    closing: null,
  }
}

/** Of a step of somebody else's only the names are known. */
function byName({ name }: StepFile, made: MadeBySql, { tables, tools }: Seen, { database }: Project): Adoption {
  const findings = made.tables.map((table): Finding => {
    if (hasTable(database.dialect, tables, table)) {
      const text = 'It is there. Its name alone was compared: look at its columns before adopting.'
      return { what: table, verdict: 'compatible', text }
    }
    return { what: table, verdict: 'missing', text: 'There is no such table.' }
  })
  if (made.others > 0) {
    const count = `${made.others} further ${made.others === 1 ? 'statement' : 'statements'}`
    const text = `${count} of the step were not compared. Adopting takes them as done.`
    findings.push({ what: name, verdict: 'compatible', text })
  }
  const owner = [...new Set(tools.map(({ tool }) => tool))].join(', ') || null
  return { name, table: made.tables.join(', '), isCompatible: isCompatible(findings), findings, owner, closing: null }
}

function refused(name: string, message: string): Refusal {
  return new Refusal('STEP_REFUSED', message, { name })
}

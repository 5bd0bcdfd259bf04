// What has been run, what is left, what is out of the ordinary, and whether anything may be run at all. Never runs code of a
// folder and never writes; whatever a database or a folder holds, there is a list.
import { isApplied, isPending } from '../../shared/migration-order.ts'
import type { MigrationList, MigrationStep, OtherTool } from '../../shared/migration-steps.ts'
import type { Dialect } from '../../shared/profiles.ts'
import type { SchemaLook } from '../db/database.ts'
import { adoptableSteps } from './adopt/adoptable.ts'
import { lastBatchOf, readLedger } from './ledger.ts'
import { listSteps } from './list-steps.ts'
import { keyOf } from './folder/step-name.ts'
import { OTHER_KNEX, readOtherTools } from './other-tools.ts'
import type { Project } from './project.ts'
import { hasTable, refusalIn } from './read-table.ts'
import { readHalf } from './run/half.ts'
import { readLock } from './run/lock.ts'
import type { StepFile } from './step.ts'

/** Rejects only when the database cannot be asked at all. */
export async function readState(project: Project, signal: AbortSignal): Promise<MigrationList> {
  const { readOnly, version } = await project.database.facts()
  return project.database.schemaLook(signal, (look) => stateOf(project, look, { readOnly, version }))
}

async function stateOf(
  project: Project,
  look: SchemaLook,
  { readOnly, version }: { readOnly: string | null; version: string },
): Promise<MigrationList> {
  const { database, files, folder } = project
  const tables = await look.tables()
  const ledger = await readLedger(database, look, tables)
  const { found: journal, words: noJournal } = await orWords(() => project.journal.entries(look))
  const entries = journal ?? []
  const { found, words } = await orWords(() => readHalf(look, project, entries))
  const steps = listSteps({ files, rows: ledger.rows, entries, half: found?.name ?? null })
  const half = found && { ...found, name: steps.find(({ state }) => state === 'half')?.name ?? found.name }
  const waiting = new Set(steps.filter(isPending).map(({ name }) => name))
  const pending = files.filter(({ name }) => waiting.has(name))
  const lock = await orWords(() => readLock(look, project, entries))
  const otherTools = await readOtherTools(database, look, tables, project.file ?? null)
  return {
    folder,
    steps,
    lastBatch: lastBatch(steps, ledger.rows),
    isAtHead: isAtHead(steps, half !== null || folder.problem !== null),
    blocked: sentences([
      readOnly && `The database cannot be changed: ${readOnly}`,
      ledger.problem,
      noJournal && `What Roster has written down of runs cannot be read: ${noJournal}`,
      words && `Whether a run ended in the middle cannot be read: ${words}`,
      lock.words && `knex_migrations_lock cannot be read: ${lock.words}`,
      ...pending.map((file) => takenBefore(file, database.dialect, tables)),
      ...otherTools.map((other) => inOtherLedger(other, pending)),
    ]),
    note: sentences([
      atOnce(database.dialect, version),
      look.isPooled === true ? POOLED : null,
      owners(otherTools),
      folder.problem,
    ]),
    lock: lock.found,
    half,
    otherTools,
    adoptable: await adoptableSteps(project, look, tables, pending),
  }
}

/** What the database refuses to tell is words in the list, and no reason to have none. */
async function orWords<T>(ask: () => Promise<T>): Promise<{ found: T | null; words: string | null }> {
  try {
    return { found: await ask(), words: null }
  } catch (error) {
    return { found: null, words: refusalIn(error) }
  }
}

/**
 * Steps that the ledger alone has do not count: whoever ran them has their files. `isUnsure`: a step is half done, or something
 * of the folder was not understood and may be a step.
 */
export function isAtHead(steps: readonly MigrationStep[], isUnsure: boolean): boolean {
  return !isUnsure && steps.every(isApplied)
}

/** By the names of the list. */
function lastBatch(steps: readonly MigrationStep[], rows: Parameters<typeof lastBatchOf>[0]): string[] {
  const nameOf = new Map(steps.map(({ name, ledgerName }) => [ledgerName ?? name, name]))
  return lastBatchOf(rows).map(({ name }) => nameOf.get(name) ?? name)
}

/** Why a step cannot be run though it is pending; null when nothing is in its way. */
function takenBefore(
  { name, creates }: StepFile,
  dialect: Dialect,
  tables: readonly { name: string }[],
): string | null {
  if (creates === undefined || !hasTable(dialect, tables, creates)) return null
  return `${creates} exists already and was not made by these migrations. Adopt ${name}: that compares the two, and writes the ledger’s row instead of running the step.`
}

/** A project that has told knex another name for its ledger: here its steps would be run a second time. Null when it has not. */
function inOtherLedger({ tool, where, lines }: OtherTool, pending: readonly StepFile[]): string | null {
  if (tool !== OTHER_KNEX) return null
  const applied = new Set(lines.map((line) => keyOf(line.split(' · ')[0] ?? '')))
  const name = pending.find(({ key }) => applied.has(key))?.name
  if (name === undefined) return null
  return `${name} is applied according to ${where}, a ledger of knex under a name of the project’s own. Roster keeps knex_migrations alone and would run its steps a second time. Go on with the knex command line, or rename ${where} and ${where}_lock to knex_migrations and knex_migrations_lock and take tableName out of the knexfile.`
}

/** MySQL and MariaDB know no transaction around changes of the schema. `version`: "MariaDB 10.11.19". */
function atOnce(dialect: Dialect, version: string): string | null {
  if (dialect !== 'mysql') return null
  const product = version.split(' ')[0] ?? 'MySQL'
  return `${product} keeps each change of the schema at once: a step that fails or is cancelled keeps what it had done.`
}

const POOLED =
  'A connection pooler (PgBouncer or one like it) is between Roster and PostgreSQL: a lock held by a session could not be trusted there, so that no run begins. Let the profile, or its login for schema work, name the server itself.'

function owners(tools: readonly OtherTool[]): string | null {
  const others = tools.filter(({ tool }) => tool !== OTHER_KNEX)
  if (others.length === 0) return null
  const names = others.map(({ tool, where }) => `${tool} (${where})`).join(', ')
  return `${names} builds the schema of this database. What is changed here, it does not know: change its own tables there.`
}

function sentences(words: readonly (string | null)[]): string | null {
  return words.filter((each) => each !== null && each !== '').join(' ') || null
}

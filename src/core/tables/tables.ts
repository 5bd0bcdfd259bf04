// Reading and changing the rows of any table: the contract's `tables`.
import type { ForeignRows } from '../../shared/foreign-rows.ts'
import type { Column, TableDescription, View } from '../../shared/tables.ts'
import type { Database, TableShape } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { streamEvents } from '../event-queue.ts'
import { api, type Context } from '../implement.ts'
import { isSecretColumn } from '../password-schemes.ts'
import { confirmWrite } from '../production.ts'
import { Refusal } from '../refusal.ts'
import { checkChanges } from './check-changes.ts'
import { checkEncodings } from './encodings-check.ts'
import { chooseEncoding, encodingsAtOnce, encodingsOf, forgetEncodings } from '../encodings/encodings.ts'
import { forgetOwner, ownedOf, ownerAtOnce, ownerOf } from '../owners/owner-of.ts'
import { heldByOwner } from '../owners/version-table.ts'
import { checkFilter } from '../filters/filter-check.ts'
import { filterText } from './filter-text.ts'
import { findForeign, repairsOf, type ForeignScope } from './foreign/foreign-rows.ts'
import { reachOf } from './reach.ts'
import { rowsAsSql } from './rows-as-sql.ts'
import { structureOf } from './structure.ts'
import { problemsOf } from './check.ts'
import { outcomeOfChanges, saveChanges } from './save.ts'
import { mostAtOnce, partsOf } from './save-parts.ts'
import { asText, keepingOf, planScopeOf, saveScopeOf, shownSave, withKept } from './save-calls.ts'
import { textOfSave } from './save-text.ts'
import { savesOfRow } from './saves/row-saves.ts'
import { inverseChanges, keepSave, takeBack, textOfTakingBack } from './saves/taking-back.ts'
import { cellOf } from './save-sql.ts'
import { sqlDialects } from '../db/sql-dialects.ts'
import { checkColumn, checkedView, keepSecret } from './view-check.ts'
import { countView, pageOfView, rankInView, surveyView, type ViewScope } from './view-calls.ts'
import { planned } from './view-plan.ts'
import { sortCostOf } from './sort-cost.ts'
import { tellChanges } from './surveys.ts'

/** Bytes of one value that can be opened. */
const WHOLE_CELL_LIMIT = 16 * 1024 * 1024

interface Scope {
  database: Database
  dialect: SqlDialect
  shape: TableShape
}

async function tableOf(
  context: Context,
  input: { profileId: string; table: string },
  signal: AbortSignal,
): Promise<Scope> {
  const database = context.core.databases.of(input.profileId)
  const shape = await database.describe(input.table, signal)
  if (!shape) throw new Refusal('TABLE_NOT_FOUND', `There is no table ${input.table} any more.`, { table: input.table })
  return { database, dialect: sqlDialects[database.dialect], shape: heldByOwner(shape) }
}

async function viewScopeOf(context: Context & { signal: AbortSignal }, { view }: { view: View }): Promise<ViewScope> {
  const scope = await tableOf(context, view, context.signal)
  const { database, dialect, shape } = scope
  const checked = checkedView(dialect, shape, view)
  return { ...scope, view: await planned(database, dialect, checked, context.signal), signal: context.signal }
}

async function describe(
  { database, dialect, shape }: Scope,
  signal: AbortSignal,
  isQuick = false,
): Promise<TableDescription> {
  const { readOnly: databaseReadOnly, cluster } = await database.facts()
  const known = isQuick ? encodingsAtOnce(database, shape) : null
  const encodings = known ?? (await encodingsOf(database, dialect, shape, signal))
  const columns: Column[] = shape.columns.map((one) => ({
    ...one,
    isSecret: isSecretColumn(one.name),
    codec: null,
    encoding: null,
    ...encodings.get(one.name),
  }))
  const noKey = `${shape.name} has no primary key and no unique column without NULLs, so a single row cannot be named.`
  const readOnly = databaseReadOnly ?? shape.readOnly ?? (shape.key.length === 0 ? noKey : null)
  const surroundings = await database.surroundings(shape.name, signal)
  const isClustered = cluster !== undefined
  const owned = isQuick ? null : await ownedOf(database, shape, signal)
  return {
    ...shape,
    ...surroundings,
    notes: [...surroundings.notes, ...(owned?.notes ?? [])],
    dialect: database.dialect,
    columns,
    readOnly,
    owner: owned ? owned.owner : ownerAtOnce(database, shape),
    ...(isClustered && { isClustered }),
  }
}

async function foreignScopeOf(
  context: Context & { signal: AbortSignal },
  input: { profileId: string; table: string },
): Promise<ForeignScope> {
  const scope = await tableOf(context, input, context.signal)
  const { database, dialect, shape } = scope
  const encodings = await encodingsOf(database, dialect, shape, context.signal)
  return { ...scope, encodings, owner: await ownerOf(database, shape, context.signal) }
}

export const tablesRouter = {
  list: api.tables.list.handler(({ input, context }) =>
    context.core.databases.of(input.profileId).tree(context.signal),
  ),
  describe: api.tables.describe.handler(async ({ input, context }) => {
    const scope = await tableOf(context, input, context.signal)
    if (input.isFresh) {
      forgetEncodings(scope.database, input.table)
      forgetOwner(scope.database, input.table)
    }
    return describe(scope, context.signal, input.isQuick)
  }),
  chooseEncoding: api.tables.chooseEncoding.handler(async ({ input, context }) => {
    const scope = await tableOf(context, input, context.signal)
    const { database, dialect, shape } = scope
    const encodings = await encodingsOf(database, dialect, shape, context.signal)
    chooseEncoding(database, shape, encodings, input.column, input.choice)
    return describe(scope, context.signal)
  }),
  page: api.tables.page.handler(async ({ input, context }) =>
    pageOfView(await viewScopeOf(context, input), input.place, input.limit),
  ),
  count: api.tables.count.handler(async ({ input, context }) => countView(await viewScopeOf(context, input))),
  survey: api.tables.survey.handler(async function* ({ input, context }) {
    yield* surveyView(await viewScopeOf(context, input), input.near)
  }),
  rank: api.tables.rank.handler(async ({ input, context }) => rankInView(await viewScopeOf(context, input), input.key)),
  sortCost: api.tables.sortCost.handler(async ({ input: { view }, context }) => {
    const { database, dialect, shape } = await tableOf(context, view, context.signal)
    if (view.sort) checkColumn(shape, view.sort.column)
    return sortCostOf(database, dialect, shape, view.sort, context.signal)
  }),
  filterSql: api.tables.filterSql.handler(async ({ input: { view }, context }) => {
    const { dialect, shape } = await tableOf(context, view, context.signal)
    checkFilter(dialect, shape, view.filter)
    return { sql: filterText(dialect, shape, view.filter) }
  }),
  cell: api.tables.cell.handler(async ({ input, context }) => {
    const { database, dialect, shape } = await tableOf(context, input, context.signal)
    checkColumn(shape, input.column)
    keepSecret(input.column, 'shown')
    const statement = cellOf(dialect, shape, input.key, input.column, WHOLE_CELL_LIMIT)
    const row = (await database.read(statement, context.signal)).rows[0]
    if (!row) throw new Refusal('ROW_GONE', 'The row is no longer in the table.')
    const length = Number(row[0] ?? 0)
    if (length > WHOLE_CELL_LIMIT) {
      throw new Refusal('TOO_LARGE', `The value has ${length} bytes; up to ${WHOLE_CELL_LIMIT} can be shown.`, {
        length,
      })
    }
    return { value: row[1] ?? null }
  }),
  rowsSql: api.tables.rowsSql.handler(async ({ input, context }) => {
    const { dialect, shape } = await tableOf(context, input, context.signal)
    return { parts: rowsAsSql(dialect, shape, input.form, input.rows) }
  }),
  foreignRows: api.tables.foreignRows.handler(async function* ({ input, context }) {
    const scope = await foreignScopeOf(context, input)
    yield* streamEvents<ForeignRows>(context.signal, (push, signal) => findForeign(scope, push, signal))
  }),
  foreignRepair: api.tables.foreignRepair.handler(async ({ input, context }) =>
    repairsOf(await foreignScopeOf(context, input), input.repairs, context.signal),
  ),
  structure: api.tables.structure.handler(({ input, context }) =>
    structureOf(context.core.databases.of(input.profileId), input.table, context.signal),
  ),
  deleteReach: api.tables.deleteReach.handler(async ({ input, context }) => {
    const { database, dialect, shape } = await tableOf(context, input, context.signal)
    return reachOf(database, dialect, shape, input.keys, context.signal)
  }),
  save: api.tables.save.handler(async ({ input, context }) => {
    confirmWrite(context.core.profiles.get(input.profileId), input.confirmation)
    const scope = withKept(
      context,
      saveScopeOf(context, input.profileId, await tableOf(context, input, context.signal)),
    )
    checkChanges(scope.database.dialect, scope.shape, input.changes, (await scope.database.facts()).readOnly)
    checkEncodings(await encodingsOf(scope.database, scope.dialect, scope.shape, context.signal), input.changes)
    const saved = await saveChanges(scope, input.changes, context.signal)
    tellChanges(scope.database, scope.shape.name, input.changes)
    // Here and not only in the page: a page that ends now would find its saved rows staged again, and insert them twice.
    context.core.staged.forgetSaved(input)
    const id = keepSave(keepingOf(context, input.profileId), scope, saved.changes, saved, null)
    return shownSave(scope, { ...saved, id })
  }),
  parts: api.tables.parts.handler(async ({ input, context }) => {
    const scope = planScopeOf(await tableOf(context, input, context.signal), context.signal)
    const most = (await mostAtOnce(scope.database)) ?? input.changes.length
    const parts = await partsOf(scope, input.changes, most)
    return { parts: parts.map((part) => part.map(({ id }) => id)) }
  }),
  check: api.tables.check.handler(async ({ input, context }) => {
    const scope = await tableOf(context, input, context.signal)
    const checked = { ...scope, signal: context.signal, kept: context.core.keptHashes }
    return { problems: await problemsOf(checked, input.changes) }
  }),
  sql: api.tables.sql.handler(async ({ input, context }) => {
    const scope = planScopeOf(await tableOf(context, input, context.signal), context.signal)
    return asText(textOfSave({ ...scope, kept: context.core.keptHashes }, input.changes, input.most))
  }),
  saves: api.tables.saves.handler(({ input, context }) => {
    const { saves, profileId, place } = keepingOf(context, input.profileId)
    return saves.list(profileId, place, input.table)
  }),
  rowSaves: api.tables.rowSaves.handler(async ({ input, context }) => {
    const { shape } = await tableOf(context, input, context.signal)
    return { saves: await savesOfRow(keepingOf(context, input.profileId), shape, input.key, context.signal) }
  }),
  revertSql: api.tables.revertSql.handler(async ({ input, context }) => {
    const { profileId, saveId, most } = input
    const { table, changes } = await inverseChanges(keepingOf(context, profileId), saveId)
    const scope = planScopeOf(await tableOf(context, { profileId, table }, context.signal), context.signal)
    return asText(textOfTakingBack(scope, changes, most, context.signal))
  }),
  revert: api.tables.revert.handler(async ({ input, context }) => {
    const { profileId, saveId } = input
    confirmWrite(context.core.profiles.get(profileId), input.confirmation)
    const keeping = keepingOf(context, profileId)
    const { table, changes } = await inverseChanges(keeping, saveId)
    const scope = saveScopeOf(context, profileId, await tableOf(context, { profileId, table }, context.signal))
    const saved = await takeBack(keeping, scope, saveId, changes, context.signal)
    tellChanges(scope.database, scope.shape.name, changes)
    return shownSave(scope, saved)
  }),
  outcome: api.tables.outcome.handler(async ({ input, context }) => {
    const scope = withKept(
      context,
      saveScopeOf(context, input.profileId, await tableOf(context, input, context.signal)),
    )
    const { outcome, saved } = await outcomeOfChanges(scope, input.changes, context.signal)
    if (outcome.found === outcome.of) context.core.staged.forgetSaved(input)
    if (saved) tellChanges(scope.database, scope.shape.name, input.changes)
    if (saved) keepSave(keepingOf(context, input.profileId), scope, saved.changes, saved, null)
    return outcome
  }),
}

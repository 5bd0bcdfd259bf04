// Reading and changing the rows of a table.
import { z } from 'zod'
import { cellSchema, type Cell, type ShownCell } from './cell.ts'
import { codec } from './codecs.ts'
import { filter } from './filters.ts'
import { foreignCalls } from './foreign-rows.ts'
import { owner } from './owners.ts'
import { call, confirmation, progress } from './procedure.ts'
import { dialect } from './profiles.ts'
import { problem, savedBatch, statementText } from './table-saves.ts'
import type { RowSave } from './table-saves.ts'
import { reference, tableEntry, tableStructure } from './table-structure.ts'
import { type as typed } from '@orpc/contract'

/** Bytes of one cell that a page carries at most; the rest is loaded when the cell is opened. */
export const CELL_LIMIT = 2048
/** Rows in one page at most. */
export const PAGE_LIMIT = 1000

/** How a column's values are read and written, found from its declared type. */
export const columnKind = z.enum([
  'integer',
  'real',
  'decimal',
  'boolean',
  'text',
  'date',
  'datetime',
  'time',
  'binary',
  'other',
])
export type ColumnKind = z.infer<typeof columnKind>

/** How sure it is that a column is written by its codec, and what else could be. */
export const encoding = z.object({
  /**
   * `type`: the declared type leaves no choice. `values`: its values say so. `empty`: it holds none, so the declared type
   * and the usual writer decide. `mixed`: its values are written in several ways, or in none that is known. `chosen`: a
   * person said so. `unread`: its values could not be read in time.
   */
  basis: z.enum(['type', 'values', 'empty', 'mixed', 'chosen', 'unread']),
  /** What was found: a sentence for people. */
  words: z.string(),
  /** What a person may choose, the likeliest first. */
  choices: z.array(codec),
})
export type Encoding = z.infer<typeof encoding>

export const column = z.object({
  name: z.string(),
  /** The declared type, as the database spells it; '' when none was declared. */
  type: z.string(),
  kind: columnKind,
  isNullable: z.boolean(),
  /** The default's SQL text, or null. */
  default: z.string().nullable(),
  /** Position in the primary key, from 1; 0 when it is not part of it. */
  keyPosition: z.number(),
  /** The database gives this column a value in a new row (rowid, generated column). */
  isAutomatic: z.boolean(),
  /** A generated column is never written. */
  isGenerated: z.boolean(),
  /** The login has no right to change it in a row that is there, though it may change others. */
  isBarred: z.literal(true).optional(),
  /** The values that its type knows (PostgreSQL's enum); absent where the declared type names them itself, or has none. */
  choices: z.array(z.string()).optional(),
  /** Longest text that its declared type allows, in characters; null when unlimited. */
  maxLength: z.number().nullable(),
  /** A password hash: masked, and never typed into. */
  isSecret: z.boolean(),
  /** Sorting by it can use an index. */
  isIndexed: z.boolean(),
  /**
   * How booleans, dates and times of this column are written; null for any other column, and where `encoding` says that
   * it is mixed or that a person chose to have values written as they are typed.
   */
  codec: codec.nullable(),
  /** Null for a column that holds neither booleans nor dates. */
  encoding: encoding.nullable(),
})
export type Column = z.infer<typeof column>

export const tableDescription = z.object({
  name: z.string(),
  dialect,
  kind: z.enum(['table', 'view']),
  columns: z.array(column),
  /** The columns that identify a row: the primary key, or a unique key without NULLs; empty when there is none. */
  key: z.array(z.string()),
  /** Column sets that must be unique, the primary key left out. */
  unique: z.array(z.array(z.string())),
  /** Null when rows can be changed; otherwise why not. */
  readOnly: z.string().nullable(),
  /** Foreign keys to other tables, to be followed. */
  references: z.array(reference),
  /** What a person should know before editing (triggers, row-level security, partitions): plain sentences. */
  notes: z.array(z.string()),
  /** Whose table it is; null while that is not looked at (a quick description). */
  owner: owner.nullable(),
  /** On a Galera cluster, where one save takes at most CLUSTER_MOST_CHANGES (cluster.ts) and `parts` takes more apart. */
  isClustered: z.boolean().optional(),
})
export type TableDescription = z.infer<typeof tableDescription>

export const sort = z.object({ column: z.string(), direction: z.enum(['asc', 'desc']) })
export type Sort = z.infer<typeof sort>

/** A place between two rows of a sorted view: the values of the sort column and the key of one row. */
export const cursor = z.array(cellSchema)
export type Cursor = z.infer<typeof cursor>

export const view = z.object({
  profileId: z.string(),
  table: z.string(),
  /** Null sorts by the key. Ties are always broken by the key. */
  sort: sort.nullable(),
  filter: filter.nullable(),
})
export type View = z.infer<typeof view>

export const pagePlace = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('first') }),
  z.object({ kind: z.literal('last') }),
  z.object({ kind: z.literal('after'), cursor }),
  z.object({ kind: z.literal('before'), cursor }),
  /**
   * The row of this number, from 0: counted from the nearest anchor of the view's survey where there is one, so its number is
   * as of that survey. Its key is found over the index; content comes by keyset.
   */
  z.object({ kind: z.literal('rank'), rank: z.number().int().min(0) }),
  /** The first row whose sort column is `value` or, in the view's direction, beyond it. Needs a sort. */
  z.object({ kind: z.literal('value'), value: cellSchema }),
])
export type PagePlace = z.infer<typeof pagePlace>

/** Rows in the order of the view, as arrays beside one list of columns. */
export interface Page {
  columns: string[]
  rows: ShownCell[][]
  /** The key of each row, whole, in the order of `TableDescription.key`. */
  keys: Cell[][]
  /** Cells of which only the beginning is here: row, column, whole length in bytes (binary) or characters (text). */
  cut: [row: number, column: number, length: number][]
  /** Where the first and the last row stand; null for an empty page. */
  first: Cursor | null
  last: Cursor | null
  /** There is at least one more row beyond the page, in the direction it was read. */
  hasMore: boolean
}

/**
 * The survey of a view: anchors (every k-th place, with its number) that turn a jump into a short walk over an index. Built by
 * short hops while somebody listens; kept when nobody does, and continued when somebody does again.
 */
export const survey = z.object({
  /** Rows of the view by the database's statistics, at once; null when it has none for this view. Never exact. */
  estimate: z.number().nullable(),
  /** Rows that the anchors span so far, from the first row on. */
  reached: z.number(),
  /** Rows of the view, once the anchors have reached its end; null before. */
  total: z.number().nullable(),
  anchors: z.number(),
  /** When the numbers were found, milliseconds since 1970 (the beginning of the survey). */
  asOf: z.number(),
  /** By how many rows a number may be wrong by now, as far as is known from later counts; 0 on a quiet table. */
  error: z.number(),
  isDone: z.boolean(),
})
export type Survey = z.infer<typeof survey>

/** What sorting a view would cost the database. */
export const sortCost = z.object({
  /** An index serves it: each page is one short range. */
  isIndexed: z.boolean(),
  /** Rows that are read and sorted for every page without one; null when not known. */
  rows: z.number().nullable(),
  /** Milliseconds that one page may take, estimated; null when not known. */
  milliseconds: z.number().nullable(),
  /** For people: what the database would do, and how long. */
  words: z.string(),
  /** The index that would serve it; null where none can be made (a view, a type without order). */
  createIndex: z.object({ up: z.string(), down: z.string(), title: z.string() }).nullable(),
})
export type SortCost = z.infer<typeof sortCost>

const key = z.array(cellSchema).min(1)
const values = z.record(z.string(), cellSchema)

/**
 * One staged change. `original` holds what the person saw: every edited column of an update, every column of a delete
 * that is neither cut nor secret. The database changes the row only if it still holds exactly those values. Of a secret column
 * only a kept hash is written (`kept-hash.ts`), without an original: the host guards it by what it reads itself.
 * `repairs` names columns whose foreign value is replaced knowingly: there the present value need not be as the owner writes.
 */
export const change = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('update'),
    id: z.string(),
    key,
    original: values,
    values,
    repairs: z.array(z.string()).optional(),
  }),
  z.object({ kind: z.literal('insert'), id: z.string(), values }),
  z.object({ kind: z.literal('delete'), id: z.string(), key, original: values }),
])
export type Change = z.infer<typeof change>

export const conflict = z.object({
  changeId: z.string(),
  key,
  /** The row is no longer there. */
  isGone: z.boolean(),
  /** Columns that hold something else than the person saw. `mine` is absent for a delete. */
  columns: z.array(z.object({ column: z.string(), base: cellSchema, theirs: cellSchema, mine: cellSchema.optional() })),
})
export type Conflict = z.infer<typeof conflict>

/** What deleting rows does to other tables, by the foreign keys that the database holds. */
export const deleteReach = z.object({
  /** Tables whose rows point to the rows, and how many of them do. */
  direct: z.array(
    z.object({ table: z.string(), action: z.enum(['delete', 'set-null', 'set-default']), rows: z.number() }),
  ),
  /** Tables whose rows point to rows that are deleted in turn; without those that are reached directly as well. */
  further: z.array(
    z.object({
      table: z.string(),
      action: z.enum(['delete', 'set-null', 'set-default']),
      rows: z.number(),
      /** There are more than were counted, or may be: counting them all would have taken too long. */
      isAtLeast: z.boolean(),
    }),
  ),
})
export type DeleteReach = z.infer<typeof deleteReach>

/**
 * What is known of one change after its save was interrupted: the database holds it; it does not; the row holds something
 * else than was seen and than was to be saved; or the rows do not tell (a new row without a key that names it).
 */
export const changeState = z.object({
  changeId: z.string(),
  state: z.enum(['saved', 'not-saved', 'changed-since', 'cannot-tell']),
})
export type ChangeState = z.infer<typeof changeState>

/** What a look at the database found of the changes of one save. */
export const saveOutcome = z.object({
  /** Changes that are in the database, of how many. */
  found: z.number(),
  of: z.number(),
  /** In the order of the changes. */
  states: z.array(changeState),
})
export type SaveOutcome = z.infer<typeof saveOutcome>

/** What rows are written as: statements to be pasted elsewhere, or the values of `in (…)`. */
export const sqlForm = z.enum(['insert', 'update', 'in'])
export type SqlForm = z.infer<typeof sqlForm>

/** Changes in one save at most. */
export const MOST_CHANGES = 20_000

export interface Saved {
  /** The save's name in `saves`; null when it is not kept. */
  id: string | null
  /** Null for a deleted row, and for one that could not be read again. */
  rows: ({ key: Cell[]; cells: ShownCell[] } | null)[]
  columns: string[]
  /** Set when the connection was lost during COMMIT and a look afterwards found all changes: "12 of 12 are there". */
  interrupted: Pick<SaveOutcome, 'found' | 'of'> | null
}

const table = z.object({ profileId: z.string(), table: z.string() })
const tableErrors = { TABLE_NOT_FOUND: { data: z.object({ table: z.string() }) } }

const saveErrors = {
  ...tableErrors,
  CONFLICT: { data: z.object({ conflicts: z.array(conflict) }) },
  DUPLICATE: {
    data: z.object({
      changeId: z.string(),
      columns: z.array(z.string()),
      /** The row that already has these values, or null when it is another change of the same save. */
      holder: z.object({ key, label: z.string() }).nullable(),
    }),
  },
  VALUE_REFUSED: { data: z.object({ changeId: z.string(), column: z.string().nullable() }) },
  /** The connection was lost during COMMIT; a look afterwards found none of the changes, or not all of them. */
  INTERRUPTED: { data: saveOutcome },
  /** The connection was lost during COMMIT, and no look was possible: `outcome` can look again later. */
  OUTCOME_UNKNOWN: { data: z.object({}) },
}

export const tablesContract = {
  ...foreignCalls,
  list: call()
    .input(z.object({ profileId: z.string() }))
    .output(z.array(tableEntry)),
  /**
   * `isFresh`: how columns are written is looked at again, though it is known. `isQuick`: it is told from what is known, and by
   * the declared type alone where values would have to be read first (`encoding.basis` is `unread` then).
   */
  describe: call()
    .errors(tableErrors)
    .input(table.extend({ isFresh: z.boolean().default(false), isQuick: z.boolean().default(false) }))
    .output(tableDescription),
  /**
   * A person's word on how a column is written, until the profile is closed: one of `encoding.choices`, or null for values as
   * they are typed. `choice` null takes the word back.
   */
  chooseEncoding: call()
    .errors(tableErrors)
    .input(table.extend({ column: z.string(), choice: z.object({ codec: codec.nullable() }).nullable() }))
    .output(tableDescription),
  /** No schema on the output: checking every cell of a page costs more than reading it. */
  page: call()
    .errors(tableErrors)
    .input(z.object({ view, place: pagePlace, limit: z.number().int().min(1).max(PAGE_LIMIT) }))
    .output(typed<Page>()),
  /** The exact number of rows in the view, and when it was counted (milliseconds since 1970). */
  count: call(120_000)
    .errors(tableErrors)
    .input(z.object({ view }))
    .output(z.object({ count: z.number(), countedAt: z.number() })),
  /** Builds the survey of a view, first around `near` (a row's number), and tells how far it is. Ending the stream pauses it. */
  survey: progress(survey)
    .errors(tableErrors)
    .input(z.object({ view, near: z.number().int().min(0).nullable() })),
  /** The number of a row in the view, from 0, and how old and how exact it is; null when the view does not hold it (any more). */
  rank: call()
    .errors(tableErrors)
    .input(z.object({ view, key }))
    .output(z.object({ rank: z.number(), asOf: z.number(), error: z.number() }).nullable()),
  sortCost: call().errors(tableErrors).input(z.object({ view })).output(sortCost),
  /** The view's filter as the WHERE of its SQL, values written in; for people. '' without a filter. */
  filterSql: call()
    .errors(tableErrors)
    .input(z.object({ view }))
    .output(z.object({ sql: z.string() })),
  structure: call().errors(tableErrors).input(table).output(tableStructure),
  /** One whole value, up to 16 MB. */
  cell: call()
    .errors({ ...tableErrors, ROW_GONE: {}, TOO_LARGE: { data: z.object({ length: z.number() }) } })
    .input(table.extend({ key, column: z.string() }))
    .output(z.object({ value: cellSchema })),
  /** Rows as SQL text, one for each, to be pasted elsewhere; '' for a row that has none. Nothing is run. */
  rowsSql: call()
    .errors(tableErrors)
    .input(
      table.extend({
        form: sqlForm,
        /** `key` is null for a row that is not stored yet. */
        rows: z.array(z.object({ key: key.nullable(), values })).max(PAGE_LIMIT),
      }),
    )
    .output(z.object({ parts: z.array(z.string()) })),
  /** What else would change if these rows were deleted. Looks only; nothing is changed. */
  deleteReach: call()
    .errors(tableErrors)
    .input(table.extend({ keys: z.array(key).min(1).max(MOST_CHANGES) }))
    .output(deleteReach),
  /**
   * Saves all changes in one transaction, or none. Answers with the rows as the database stored them, read again after
   * the commit, in the order of the changes (null for a delete). Changes of an earlier save whose outcome was not known are
   * looked for first, so that none is saved twice.
   */
  save: call(120_000)
    .errors(saveErrors)
    .input(table.extend({ changes: z.array(change).min(1).max(MOST_CHANGES), confirmation }))
    .output(typed<Saved>()),
  /**
   * The ids of the changes in parts that `save` takes, in the order to save them: one part, but on a cluster. Looks only where
   * rows give values of unique columns to each other, which stay in order. VALUE_REFUSED when too many exchange them.
   */
  parts: call()
    .errors({
      ...tableErrors,
      VALUE_REFUSED: { data: z.object({ changeId: z.string(), column: z.string().nullable() }) },
    })
    .input(table.extend({ changes: z.array(change).min(1).max(MOST_CHANGES) }))
    .output(z.object({ parts: z.array(z.array(z.string())) })),
  /** What the database would refuse of these changes, as far as it can be asked before. Changes nothing. */
  check: call()
    .errors(tableErrors)
    .input(table.extend({ changes: z.array(change).min(1).max(MOST_CHANGES) }))
    .output(z.object({ problems: z.array(problem) })),
  /** The statements of a save, exactly and in the order in which they would run. `most`: of how many changes at most. */
  sql: call()
    .errors(tableErrors)
    .input(
      table.extend({
        changes: z.array(change).min(1).max(MOST_CHANGES),
        most: z.number().int().min(1).max(MOST_CHANGES),
      }),
    )
    .output(z.object({ statements: z.array(statementText), of: z.number() })),
  /** Saves from here that are still known, the newest first; of all tables of the profile when `table` is null. */
  saves: call()
    .input(z.object({ profileId: z.string(), table: z.string().nullable() }))
    .output(z.array(savedBatch)),
  /** Saves from here that changed one row and are still known, the newest first; at most 100. Secret values by their scheme. */
  rowSaves: call().errors(tableErrors).input(table.extend({ key })).output(typed<{ saves: RowSave[] }>()),
  /** What taking a save back would run. */
  revertSql: call()
    .errors(tableErrors)
    .input(z.object({ profileId: z.string(), saveId: z.string(), most: z.number().int().min(1).max(MOST_CHANGES) }))
    .output(z.object({ statements: z.array(statementText), of: z.number() })),
  /**
   * Takes a save back: its inverse, guarded by what the save left, in one transaction. CONFLICT when a row has changed since;
   * nothing is changed then. Errors as of `save`.
   */
  revert: call(120_000)
    .errors(saveErrors)
    .input(z.object({ profileId: z.string(), saveId: z.string(), confirmation }))
    .output(typed<Saved>()),
  /** Looks what became of changes whose save was interrupted. Changes nothing. */
  outcome: call(60_000)
    .errors({ ...tableErrors, OUTCOME_UNKNOWN: { data: z.object({}) } })
    .input(table.extend({ changes: z.array(change).min(1).max(MOST_CHANGES) }))
    .output(saveOutcome),
}

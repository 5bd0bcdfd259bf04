// What is known and shown of one open table, as plain data.
import type { Cell } from '../../shared/cell.ts'
import type { Filter } from '../../shared/filters.ts'
import type { Column, Conflict, DeleteReach, Sort, SortCost, Survey, TableDescription } from '../../shared/tables.ts'
import type { Problem } from '../../shared/table-saves.ts'
import type { TableStructure } from '../../shared/table-structure.ts'
import type { GridLine } from '../grid/grid-line.ts'
import type { GridRow } from '../grid/read-block.ts'
import type { ErrorWords } from '../ui/call-error.ts'
import type { FilterEditor } from './filter/change-filter.ts'
import type { Counting } from './jump/view-count.ts'
import type { OpenOutcome } from './save-outcome.ts'

/** The current cell. A row keeps its id wherever it moves; `rank` is where it was last known to stand. */
export interface Current {
  /** Null while the row at `rank` is not read yet. */
  id: string | null
  rank: number | null
  column: string
}

/** A cell that is open for editing. What was typed so far is in `TableModel.draft`. */
export interface Editing {
  id: string
  column: string
  /** The text it opened with. */
  text: string
  /** The cell held NULL, or nothing yet. */
  wasNull: boolean
  /** Long text is edited in a dialog. */
  isLong: boolean
  error: string | null
}

export interface TableNotice {
  tone: 'good' | 'note' | 'bad'
  text: string
  action?: { label: string; perform: () => void }
  /** Beside the first; it does not keep the message from going by itself. */
  also?: { label: string; perform: () => void }
}

/** Where the grid is to scroll. */
export interface Reveal {
  index: number
  /** Into the middle, when the line is not seen yet. */
  isCentered: boolean
  /** The grid also takes the keys. */
  takesFocus: boolean
  /** Counts up: the grid follows each turn once. */
  turn: number
}

/** A row that a person went to. */
export interface Jump {
  /** Null while it is being looked for. */
  rank: number | null
  /** By how many rows its number may be wrong. */
  error: number
  /** When the numbers were found, milliseconds since 1970; null where they are as of now. */
  asOf: number | null
}

/** `ask`: before it runs; `sorting`: its first rows are not there yet, and `before` is the order to go back to. */
export interface CostlySort {
  phase: 'ask' | 'sorting'
  sort: Sort
  cost: SortCost
  before: Sort | null
  /** What a person wanted the order for. */
  then: () => void
}

/** A row, and the foreign keys of other tables that may point to it. */
export interface PointedRow {
  line: GridLine
  referrers: TableStructure['referrers']
}

export interface TableState {
  description: TableDescription | null
  /** Why rows cannot be read. */
  problem: ErrorWords | null
  sort: Sort | null
  filter: Filter | null
  /** The last exact count of the view, and when (milliseconds since 1970). */
  counted: { count: number; at: number } | null
  /** What became of the query that counts. */
  counting: Counting
  /** How far the view's rows are numbered; null before the host has told. */
  survey: Survey | null
  /** The survey is not built any further: a person stopped it, or it failed, in words. */
  surveyHalt: { words: string | null } | null
  /** Where the last jump led, and how exact its number is. */
  jump: Jump | null
  /** The dialog that asks where to go. */
  goTo: 'row' | 'value' | null
  /** The dialog that asks whose rows, of those that point here, are to be shown. */
  pointed: PointedRow | null
  /** An order that no index serves: asked about, or being sorted. */
  costly: CostlySort | null
  /** Milliseconds that the last page took. */
  loadTime: number | null
  current: Current | null
  /** Rows chosen in the margin, beside the current one. */
  selected: ReadonlyMap<string, GridRow | null>
  editing: Editing | null
  /** Messages of the last save and of what was checked since, by `cellAddress`. */
  cellErrors: ReadonlyMap<string, string>
  /** What the database would refuse of what is staged, as far as it was asked. */
  problems: readonly Problem[]
  /** The dialog of earlier saves; `saveId` is one that is about to be taken back. */
  history: { saveId: string | null } | null
  /** Ids of the changes that are being saved. */
  saving: ReadonlySet<string> | null
  conflicts: readonly Conflict[] | null
  /** A save that was interrupted, and of which not everything is known. */
  unknown: OpenOutcome | null
  /** What the staged deletes would take along; asked about before they are saved. */
  reach: DeleteReach | null
  notice: TableNotice | null
  /** A value that is looked at in a dialog. */
  opened: { title: string; column: Column; value: Cell } | null
  /** The column whose encoding is looked at in a dialog. */
  encodingOf: string | null
  /** The condition that is being put together: a new one, or the one at this place of the filter bar. */
  filterEditor: FilterEditor | null
  /** The grid scrolls to this line when `turn` changes. */
  reveal: Reveal
  /** Counts up with every change of the rows in memory. */
  version: number
}

/** A table that nothing was read of yet. */
export function nothingRead(sort: Sort | null): TableState {
  return {
    description: null,
    problem: null,
    sort,
    filter: null,
    counted: null,
    counting: 'idle',
    survey: null,
    surveyHalt: null,
    jump: null,
    goTo: null,
    pointed: null,
    costly: null,
    loadTime: null,
    current: null,
    selected: new Map(),
    editing: null,
    cellErrors: new Map(),
    problems: [],
    history: null,
    saving: null,
    conflicts: null,
    unknown: null,
    reach: null,
    notice: null,
    opened: null,
    encodingOf: null,
    filterEditor: null,
    reveal: { index: 0, isCentered: false, takesFocus: false, turn: 0 },
    version: 0,
  }
}

// The page's own model of a table, driven as a person drives it, over a real core and a real database; and what the database
// holds, asked past Roster.
import type { Opened } from '../../src/core/tables/engines.test-setup.ts'
import type { Filter } from '../../src/shared/filters.ts'
import { where } from '../../src/shared/filters.ts'
import type { Sort } from '../../src/shared/tables.ts'
import { cellShown } from '../../src/renderer/grid/grid-line.ts'
import { dropCell, dropChanges, discardAll, redo, undo } from '../../src/renderer/tables/changes.ts'
import { changeStaged, readStaged } from '../../src/renderer/tables/staged-edits.ts'
import { commitEdit, setCurrent, startEdit } from '../../src/renderer/tables/table-edits.ts'
import { TableModel } from '../../src/renderer/tables/table-model.ts'
import { addRow, markChosen } from '../../src/renderer/tables/table-rows.ts'
import { COLUMNS, type ColumnName, type Row, type Rows } from './person.ts'

export const TABLE = 'person'

/** Filters of the test, each beside the SQL that means the same. */
export const FILTERS: readonly { filter: Filter | null; sql: string }[] = [
  { filter: null, sql: '' },
  { filter: where('email', { test: 'contains', text: 'a' }), sql: `where lower(email) like '%a%'` },
  {
    filter: where('nick', { test: 'contains', text: 'o' }, true),
    // LIKE would take Ö for o where the collation does; the filter compares the letters of ASCII alone without case.
    sql: `where replace(lower(nick), 'o', '') = lower(nick) or nick is null`,
  },
  { filter: where('nick', { test: 'null' }), sql: 'where nick is null' },
  {
    filter: {
      kind: 'group',
      join: 'or',
      parts: [
        where('score', { test: 'range', from: { value: 2n, isIncluded: true }, to: null }),
        where('nick', { test: 'empty' }),
      ],
    },
    sql: `where score >= 2 or nick = ''`,
  },
]

export const SORTS: readonly (Sort | null)[] = [
  null,
  { column: 'id', direction: 'desc' },
  ...COLUMNS.flatMap((column): Sort[] => [
    { column, direction: 'asc' },
    { column, direction: 'desc' },
  ]),
]

export class Screen {
  readonly model: TableModel
  readonly #opened: Opened
  readonly #calls: () => number

  private constructor(opened: Opened, calls: () => number) {
    this.#opened = opened
    this.#calls = calls
    this.model = new TableModel(opened.profileId, TABLE)
  }

  /** `calls`: how many calls of the page are under way. */
  static async open(opened: Opened, calls: () => number): Promise<Screen> {
    changeStaged(opened.profileId, TABLE, () => ({ changes: [], past: [], future: [] }))
    const screen = new Screen(opened, calls)
    screen.model.changeView({ sort: null, filter: null })
    screen.model.open()
    await screen.settled()
    return screen
  }

  close(): void {
    this.model.close()
  }

  /** Resolves when nothing is being read any more; what was lost with its connection is asked for again, as a person would. */
  async settled(): Promise<void> {
    const { model } = this
    let tries = 3
    let turns = 0
    for (const since = performance.now(); performance.now() - since < 10_000;) {
      const { description, counted, problem, saving } = model.state
      if (problem && tries-- === 0) throw new Error(`${problem.message} ${problem.hint}`)
      if (problem) model.retry()
      const isRead = counted !== null && model.blocks.isCounted && !model.blocks.isLoading
      // What an answer leads to may ask again a moment later.
      turns = description && isRead && saving === null && this.#calls() === 0 ? turns + 1 : 0
      if (turns > 2) return
      await new Promise((resolve) => setImmediate(resolve))
    }
    throw new Error(
      `The rows were not read: ${JSON.stringify({ ...model.state, description: null }, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))}`,
    )
  }

  get lineCount(): number {
    return this.model.lineCount()
  }

  /**
   * The name of a line, and the stored row that it shows; null when there is no such line. A later count may have taken lines
   * away that are still in memory: they are not drawn any more.
   */
  line(index: number): { name: string; seen: { id: bigint; row: Row } | null } | null {
    if (index >= this.lineCount) return null
    const { id, row } = this.model.lineAt(index)
    if (id === '') return null
    return { name: id, seen: row ? { id: row.key[0] as bigint, row: this.#stored(row.cells) } : null }
  }

  #stored(cells: readonly unknown[]): Row {
    const { columns } = this.model.state.description ?? { columns: [] }
    const at = (name: ColumnName) => cells[columns.findIndex((column) => column.name === name)] as Row[ColumnName]
    return { email: at('email'), nick: at('nick'), score: at('score') }
  }

  /** What the cells of a line show: what is staged before what is stored; undefined where the database chooses. */
  shown(index: number): unknown[] {
    const line = this.model.lineAt(index)
    const { columns } = this.model.state.description ?? { columns: [] }
    return columns.map((column, at) => cellShown(line, column, at)?.cell)
  }

  /** NULL and '' are set by their commands, since an editor that is left empty changes nothing; anything else is typed. */
  async edit(index: number, column: ColumnName, text: string | null): Promise<void> {
    this.model.moveTo(index, column)
    if (text === null || text === '') return setCurrent(this.model, text)
    await startEdit(this.model, text)
    if (!this.model.state.editing) return
    this.model.draft = text
    if (!commitEdit(this.model)) this.model.set({ editing: null })
  }

  /** Adds a row, and leaves the cell that opens by itself. */
  async add(): Promise<string> {
    addRow(this.model)
    await new Promise((resolve) => setImmediate(resolve))
    this.model.set({ editing: null })
    return this.model.newIds()[0] as string
  }

  toggleDeleted(index: number): Promise<void> {
    this.model.moveTo(index, 'email')
    return markChosen(this.model)
  }

  restoreCell = (name: string, column: ColumnName) => this.#change((staged) => dropCell(staged, name, column))
  drop = (name: string) => this.#change((staged) => dropChanges(staged, [name]))
  discard = () => this.#change(discardAll)
  undo = () => this.#change(undo)
  redo = () => this.#change(redo)

  #change(edit: Parameters<typeof changeStaged>[2]): void {
    changeStaged(this.#opened.profileId, TABLE, edit)
  }

  staged() {
    return readStaged(this.#opened.profileId, TABLE).changes
  }

  sort(sort: Sort | null): void {
    this.model.changeView({ sort })
  }

  filter(index: number): void {
    this.model.changeView({ filter: FILTERS[index]?.filter ?? null })
  }

  /** The rows of the present view as the server sorts and filters them, as text. */
  async expected(): Promise<string[][]> {
    // A refused save leads to its row, and leaves a filter behind that does not hold it.
    const { sort, filter } = this.model.state
    const order =
      sort && sort.column !== 'id'
        ? `${sort.column} ${sort.direction}, id ${sort.direction}`
        : `id ${sort?.direction ?? 'asc'}`
    const rows = await this.#opened.sql(
      `select id, email, nick, score from person ${FILTERS.find((each) => each.filter === filter)?.sql ?? ''} order by ${order}`,
    )
    return rows.map((row) => row.map((cell) => cell ?? 'NULL'))
  }
}

/** All rows of the table, asked past Roster. */
export async function storedRows(opened: Opened): Promise<Rows> {
  const rows = await opened.sql('select id, email, nick, score from person order by id')
  return new Map(
    rows.map(([id, email, nick, score]) => [
      BigInt(id ?? 0),
      { email: email ?? null, nick: nick ?? null, score: score == null ? null : BigInt(score) },
    ]),
  )
}

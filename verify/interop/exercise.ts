// Tries everything that a person can do to the cells of a small table, through Roster's own calls, and looks after each step by
// the driver alone: what was meant is there, and nothing else has changed.
import { expect } from 'vitest'
import { isSecret, type Cell, type ShownCell } from '../../src/shared/cell.ts'
import type { Change, Page, PagePlace } from '../../src/shared/tables.ts'
import type { Engine, Opened } from '../../src/core/tables/engines.test-setup.ts'
import { rawRows, type RawForm, type RawRow } from './raw.ts'

/** Every value of a column is written over every other one; otherwise over the next one. */
const isWhole = process.env.VERIFY === 'full'

export interface Tried {
  /** Cells that were read through Roster and by the driver. */
  read: number
  /** Edits that were made, and found by the driver as meant. */
  edits: number
  /** Why Roster or the database would not, and where. Nothing had changed then. */
  refused: string[]
}

interface Exercise {
  engine: Engine
  opened: Opened
  profileId?: string
  /** As Roster names the table, and as SQL does. */
  table: string
  sql: string
  /** Columns that the database itself sets or computes. */
  computed?: readonly string[]
  /** How a text is stored in SQLite. */
  encoding?: BufferEncoding
  /** Tables whose rows take others along when they are deleted. */
  undeletable?: readonly string[]
}

export async function exercise({ engine, opened, table, sql, ...more }: Exercise): Promise<Tried> {
  const { api } = opened
  const profileId = more.profileId ?? opened.profileId
  const description = await api.tables.describe({ profileId, table })
  const names = description.columns.map(({ name }) => name)
  const view = { profileId, table, sort: null, filter: null }
  const page = async () => {
    const { columns, ...rest } = await api.tables.page({ view, place: { kind: 'first' }, limit: 100 })
    expect(columns).toEqual(names)
    return rest
  }
  const asked = { table: sql, columns: description.columns, by: description.key }
  const raw = (form?: RawForm) => rawRows(engine, opened, asked, form)
  const tried: Tried = { read: 0, edits: 0, refused: [] }

  // Each cell as Roster tells it, those that were cut opened whole; and as the driver does.
  const look = async () => {
    const { rows, keys, cut } = await page()
    const cells: ShownCell[][] = rows.map((row) => [...row])
    for (const [row, column] of cut) {
      const key = keys[row] ?? []
      const own = cells[row]
      if (!own || key.length === 0) continue
      own[column] = (await api.tables.cell({ profileId, table, key, column: names[column] ?? '' })).value
    }
    return { cells, keys, before: await raw() }
  }
  let { cells, keys, before } = await look()
  const isNamed = description.key.length > 0
  const texts = await raw('text')
  expect(cells.length).toBe(before.length)
  if (isNamed)
    cells.forEach((row, at) =>
      row.forEach((cell, index) => {
        if (isSecret(cell)) return
        const { name = '', type = '' } = description.columns[index] ?? {}
        expect(hexOf(engine, cell, more.encoding), `${table}.${name} (${type}), row ${at}`).toBe(
          asRead(engine, cell, before[at]?.[name] ?? null, texts[at]?.[name] ?? null),
        )
        tried.read += 1
      }),
    )
  // Sorted by each column, page by page: every row once, in the order of the whole.
  for (const column of description.columns) {
    if (column.isSecret) continue
    for (const direction of ['asc', 'desc'] as const) {
      const sorted = { ...view, sort: { column: column.name, direction } }
      const part = (place: PagePlace, limit: number) => api.tables.page({ view: sorted, place, limit })
      const whole = await part({ kind: 'first' }, 100).catch((error: unknown) => error)
      if (whole instanceof Error) {
        tried.refused.push(`${table} sorted by ${column.name} (${column.type}): ${whole.message}`)
        break
      }
      // What has no key is told by its cells, and paged by position.
      const told = (page: Page) => (isNamed ? page.keys : page.rows)
      const all = told(whole as Page)
      const walked: unknown[] = []
      for (let next = await part({ kind: 'first' }, 1); walked.length <= all.length;) {
        walked.push(...told(next))
        if (!next.hasMore) break
        const place: PagePlace = next.last
          ? { kind: 'after', cursor: next.last }
          : { kind: 'rank', rank: walked.length }
        next = await part(place, 1)
      }
      expect(walked, `${table} sorted by ${column.name} (${column.type}) ${direction}`).toEqual(all)
    }
  }
  if (description.readOnly !== null) {
    tried.refused.push(`${table}: ${description.readOnly}`)
    return tried
  }

  const computed = new Set([...(more.computed ?? []), ...generated(description.columns)])
  const update = (row: number, column: number, value: Cell): Change => ({
    ...{ kind: 'update', id: 'u', key: [...(keys[row] ?? [])] },
    ...{ original: { [names[column] ?? '']: cells[row]?.[column] as Cell }, values: { [names[column] ?? '']: value } },
  })
  const save = async (what: string, changes: Change[], expected: (rows: RawRow[]) => RawRow[] | null) => {
    const saved = await api.tables.save({ profileId, table, changes }).catch((error: unknown) => error)
    const now = await raw()
    const nowTexts = await raw('text')
    if (saved instanceof Error) {
      tried.refused.push(`${what}: ${saved.message}`)
      expect(without(now, computed), what).toEqual(without(before, computed))
      return
    }
    const meant = expected(before.map((row) => ({ ...row })))
    if (meant) expect(sorted(without(now, computed)), what).toEqual(sorted(without(meant, computed)))
    tried.edits += 1
    const { id, rows } = saved as Awaited<ReturnType<typeof api.tables.save>>
    const answered = rows[0]?.cells
    if (answered) {
      const same = now.filter((row, at) =>
        names.every((name, index) => {
          const cell = answered[index] ?? null
          if (isSecret(cell)) return true
          return (
            hexOf(engine, cell, more.encoding) === asRead(engine, cell, row[name] ?? null, nowTexts[at]?.[name] ?? null)
          )
        }),
      )
      expect(same.length, `${what}: the answer is a row of the table`).toBeGreaterThan(0)
    }
    if (id === null) throw new Error(`${what}: the save is not kept.`)
    const back = await api.tables.revert({ profileId, saveId: id }).catch((error: unknown) => error)
    if (back instanceof Error) throw new Error(`${what}: could not be taken back: ${back.message}`, { cause: back })
    expect(sorted(without(await raw(), computed)), `${what}, taken back`).toEqual(sorted(without(before, computed)))
    if (computed.size > 0) ({ cells, keys, before } = await look())
  }

  const isOwn = ({ name, isSecret: secret }: (typeof description.columns)[number]) => !computed.has(name) && !secret
  // Text that is no text: what replaces it is not taken back (src/core/tables/broken-texts.test.ts).
  const isBroken = (row: number, index: number) =>
    engine.dialect === 'sqlite' &&
    cells[row]?.[index] instanceof Uint8Array &&
    before[row]?.[names[index] ?? '']?.startsWith('text:') === true
  for (const [index, column] of description.columns.entries()) {
    if (!isOwn(column)) continue
    for (const [row] of before.entries()) {
      for (const [from, source] of before.entries()) {
        if (!isWhole && from !== (row + 1) % before.length) continue
        if (source[column.name] === before[row]?.[column.name] || isBroken(row, index)) continue
        const what = `${table}.${column.name} (${column.type}): ${shown(cells[row]?.[index])} to ${shown(cells[from]?.[index])}`
        const cell = cells[from]?.[index] as Cell
        // Bytes are stored as bytes, also those of a text that was no text.
        const isBytes = engine.dialect === 'sqlite' && cell instanceof Uint8Array
        const meant = (isBytes ? source[column.name]?.replace(/^text:/, 'blob:') : source[column.name]) ?? null
        await save(what, [update(row, index, cell)], (rows) =>
          rows.map((each, at) => (at === row ? { ...each, [column.name]: meant } : each)),
        )
      }
    }
  }
  for (const [row, own] of before.entries()) {
    if (more.undeletable?.includes(table)) break
    if (names.some((_, index) => isBroken(row, index))) continue
    const original = Object.fromEntries(
      description.columns.flatMap((column, index) =>
        column.isSecret ? [] : [[column.name, cells[row]?.[index] as Cell]],
      ),
    )
    const key = [...(keys[row] ?? [])]
    await save(
      `${table}: delete of ${key.map(shown).join(', ')}`,
      [{ kind: 'delete', id: 'd', key, original }],
      (rows) => rows.filter((_, at) => at !== row),
    )
    // A copy of the row, where only the database's own number names it.
    const values = Object.fromEntries(
      description.columns.flatMap((column, index) =>
        isOwn(column) && !column.isAutomatic ? [[column.name, cells[row]?.[index] as Cell]] : [],
      ),
    )
    const isNumbered = description.columns.some((column) => column.keyPosition > 0 && column.isAutomatic)
    const isUnique = description.unique.some((set) => set.every((name) => own[name] !== null))
    if (isNumbered && !isUnique) {
      await save(`${table}: copy of ${key.map(shown).join(', ')}`, [{ kind: 'insert', id: 'i', values }], () => null)
    }
  }
  return tried
}

const generated = (columns: readonly { name: string; isGenerated: boolean }[]) =>
  columns.filter(({ isGenerated }) => isGenerated).map(({ name }) => name)

const without = (rows: readonly RawRow[], names: ReadonlySet<string>) =>
  rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !names.has(name))))

const sorted = (rows: readonly RawRow[]) => rows.map((row) => JSON.stringify(row)).sort()

const shown = (cell: ShownCell | undefined) =>
  cell instanceof Uint8Array
    ? `0x${Buffer.from(cell).toString('hex').slice(0, 40)}`
    : JSON.stringify(typeof cell === 'bigint' ? String(cell) : cell)?.slice(0, 60)

/** A cell that Roster tells, in the form of the driver's. */
function hexOf({ dialect }: Engine, cell: Cell, encoding: BufferEncoding = 'utf8'): string | null {
  if (cell === null) return null
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase()
  if (dialect !== 'sqlite') {
    if (cell instanceof Uint8Array)
      return dialect === 'postgres' ? hex(Buffer.from(`\\x${hex(cell).toLowerCase()}`)) : hex(cell)
    return hex(Buffer.from(String(cell)))
  }
  if (typeof cell === 'bigint') return `integer:${cell}`
  if (typeof cell === 'number') return `real:${cell}`
  if (typeof cell === 'string') return `text:${hex(Buffer.from(cell, encoding))}`
  return `blob:${hex(cell)}`
}

/** What Roster should tell for what the driver told. */
function asRead({ dialect }: Engine, cell: Cell, stored: string | null, text: string | null): string | null {
  if (stored === null) return null
  // Text that is not valid in the file's encoding is told as its bytes.
  if (dialect === 'sqlite' && cell instanceof Uint8Array) return stored.replace(/^text:/, 'blob:')
  if (dialect === 'sqlite' && stored.startsWith('real:')) {
    return `real:${Number(stored.slice(5).replace('Inf', 'Infinity'))}`
  }
  if (dialect !== 'mysql' || cell instanceof Uint8Array) return stored
  // ZEROFILL is how the server shows a number, not what is stored.
  if (typeof cell === 'bigint' && BigInt(Buffer.from(text ?? '', 'hex').toString()) === cell) {
    return Buffer.from(String(cell)).toString('hex').toUpperCase()
  }
  if (typeof cell !== 'number') return text
  // The server's digits of a double and JavaScript's are of the same number.
  const same = Object.is(Number(Buffer.from(stored, 'hex').toString()), cell)
  return same ? Buffer.from(String(cell)).toString('hex').toUpperCase() : stored
}

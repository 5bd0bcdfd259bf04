// Edits through the contract, as the page sends them, for tests of what may be edited. Each table has a key and a column `v`.
import { expect } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import type { Change, TableDescription } from '../../shared/tables.ts'
import type { Opened } from './engines.test-setup.ts'

export function editing({ api }: Pick<Opened, 'api'>, profileId: string) {
  const describeIt = (table: string): Promise<TableDescription> => api.tables.describe({ profileId, table })
  const send = (table: string, change: Change) => api.tables.save({ profileId, table, changes: [change] })

  /** The row as it is read now. */
  async function read(table: string, key: readonly Cell[], more: Record<string, Cell> = {}) {
    const page = await api.tables.page({
      view: { profileId, table, sort: null, filter: null },
      place: { kind: 'first' },
      limit: 50,
    })
    const rows = page.rows.map((cells) => Object.fromEntries(page.columns.map((name, i) => [name, cells[i] as Cell])))
    const isIt = (index: number) => JSON.stringify(page.keys[index], text) === JSON.stringify(key, text)
    return rows.find((row, index) => isIt(index) && Object.entries(more).every(([name, value]) => row[name] === value))
  }

  /** Sets `v`; what is seen before is `seen`, or what is there. */
  async function save(table: string, key: readonly Cell[], value: Cell, seen?: Cell) {
    const original = { v: seen === undefined ? ((await read(table, key))?.v ?? null) : seen }
    return send(table, { kind: 'update', id: 'u', key: [...key], original, values: { v: value } })
  }

  async function insert(table: string, values: Record<string, Cell>) {
    return send(table, { kind: 'insert', id: 'i', values })
  }

  return {
    profileId,
    save,
    insert,
    async told(table: string) {
      const { readOnly, notes } = await describeIt(table)
      return { readOnly, notes }
    },
    why: async (table: string) => (await describeIt(table)).readOnly,
    async ids(table: string) {
      const page = await api.tables.page({
        view: { profileId, table, sort: null, filter: null },
        place: { kind: 'first' },
        limit: 50,
      })
      return page.keys.map(([id]) => id)
    },
    /** The edit works, is answered with what is stored, and is read back. */
    async edits(table: string, key: readonly Cell[], value: Cell, stored: Cell = value, seen?: Cell) {
      expect((await describeIt(table)).readOnly).toBeNull()
      const { rows, columns } = await save(table, key, value, seen)
      expect(rows[0]?.cells[columns.indexOf('v')]).toBe(stored)
      expect(await read(table, key, { v: stored })).toMatchObject({ v: stored })
    },
    async adds(table: string, values: Record<string, Cell>, stored: Cell) {
      const { rows, columns } = await insert(table, values)
      const key = rows[0]?.key ?? []
      expect(rows[0]?.cells[columns.indexOf('v')]).toBe(stored)
      expect(await read(table, key)).toMatchObject({ v: stored })
    },
    /** Sets other columns than `v`. */
    async moves(table: string, key: readonly Cell[], values: Record<string, Cell>) {
      const row = await read(table, key)
      const original = Object.fromEntries(Object.keys(values).map((name) => [name, row?.[name] ?? null]))
      return send(table, { kind: 'update', id: 'u', key: [...key], original, values })
    },
    async refuses(table: string, key: readonly Cell[], value: Cell) {
      const why = (await describeIt(table)).readOnly
      expect(why).toMatch(/^[A-Z].*\.$/s)
      await expect(save(table, key, value)).rejects.toThrow()
    },
  }
}

const text = (_name: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)

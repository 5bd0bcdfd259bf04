// A person's edits through Roster in tables of other writers: what was not touched stays to the byte, what was is as its owner
// writes it, and says what was meant.
import { expect, it } from 'vitest'
import type { Cell } from '../../src/shared/cell.ts'
import { encode, encodeTyped } from '../../src/shared/codecs.ts'
import type { Change, Column } from '../../src/shared/tables.ts'
import { describeOnEachEngine } from '../../src/core/tables/engines.test-setup.ts'
import { allCells } from './all-cells.ts'
import { readBoolean, readMoment } from './read-by-owner.ts'
import { openSet, setsOf } from './sets.ts'

const TYPED = '2024-02-29 13:14:15'
/** Combining marks, right to left, a formula, HTML, blanks at the end. */
const TEXTS = ['Zoe\u0308 \u05d3\u05d5\u05d3', '=1+1|cmd', '<b onclick="x()">Bob</b>', 'trailing  ', "O'Brien\\"]
/** With letters of its own: in utf8mb4_general_ci all emoji are equal. */
const EMOJI = 'unicorn.🦄.zwölf@example.com'

describeOnEachEngine('tables of other writers are edited', (engine) => {
  it.each(setsOf(engine.dialect).map((set) => [set.name, set] as const))('%s', async (_name, set) => {
    const opened = await openSet(engine, set)
    try {
      const { api, profileId } = opened
      const { table, writer } = set
      const { columns, owner, key } = await api.tables.describe({ profileId, table })
      const names = columns.map(({ name }) => name)
      const user = owner?.user
      const view = { profileId, table, sort: null, filter: null }
      const page = await api.tables.page({ view, place: { kind: 'first' }, limit: 1000 })
      const place = new Map(page.columns.map((name, index) => [name, index]))
      const stored = (row: number, name: string) => page.rows[row]?.[place.get(name) ?? -1] as Cell
      const column = (name: string | null | undefined): Column | undefined => columns.find((one) => one.name === name)
      const before = await allCells(opened, engine.dialect, table, key[0] ?? '', names)

      const changes: Change[] = []
      const intended = new Map<string, Record<string, (cell: Cell) => void>>()
      const edit = (row: number, name: string, value: Cell, holds: (cell: Cell) => void) => {
        const keyOf = page.keys[row] ?? []
        const id = String(keyOf[0])
        changes.push({
          ...{ kind: 'update', id: `${id} ${name}`, key: [...keyOf] },
          ...{ original: { [name]: stored(row, name) }, values: { [name]: value } },
        })
        intended.set(id, { ...intended.get(id), [name]: holds })
      }
      const same = (value: Cell) => (cell: Cell) => expect(cell).toEqual(value)

      const flag = column(user?.active)
      if (flag?.codec) {
        for (let row = 0; row < 40; row += 1) {
          const now = readBoolean(writer.library, stored(row, flag.name))
          const next = encode({ kind: 'boolean', value: now !== true }, flag.codec)
          if (!('value' in next)) throw new Error(next.error)
          edit(row, flag.name, next.value, (cell) => expect(readBoolean(writer.library, cell)).toBe(now !== true))
        }
      }
      const date = column(user?.confirmedAt ?? names.find((name) => name === 'last_password_change'))
      if (date?.codec) {
        for (let row = 40; row < 60; row += 1) {
          const typed = encodeTyped(TYPED, date.codec, stored(row, date.name))
          if (!('value' in typed)) throw new Error(typed.error)
          const isInstant = engine.dialect !== 'mysql' && writer.library.startsWith('GORM')
          edit(row, date.name, typed.value, (cell) => {
            const read = readMoment(cell) ?? ''
            // Where the row has an offset, the digits are of that offset.
            if (isInstant) expect(read.slice(-3)).toBe(':15')
            else expect(read).toBe('2024-02-29T13:14:15')
          })
        }
        edit(60, date.name, null, same(null))
      }
      const emailOf = user?.email ?? 'email'
      TEXTS.forEach((text, index) => edit(70 + index, emailOf, `${text}${index}`, same(`${text}${index}`)))
      const isThreeBytes = engine.dialect === 'mysql' && /pydal|web2py|py4web/i.test(writer.library)
      if (!isThreeBytes) edit(80, emailOf, EMOJI, same(EMOJI))
      for (const name of names.filter((each) => /_name$|^registration_key$|^sso_id$/.test(each))) {
        edit(85, name, 'pending', same('pending'))
      }
      const uniquifier = user?.uniquifier ?? null
      const hex = 'ab'.repeat(16)
      if (uniquifier) edit(90, uniquifier, hex, same(hex))

      // Each save is one person's: all of it in one transaction. Several changes of a row are one change there.
      const merged = new Map<string, Extract<Change, { kind: 'update' }>>()
      for (const change of changes) {
        if (change.kind !== 'update') continue
        const id = String(change.key[0])
        const other = merged.get(id)
        merged.set(id, {
          ...change,
          id,
          original: { ...other?.original, ...change.original },
          values: { ...other?.values, ...change.values },
        })
      }
      const fresh: Record<string, Cell> = { [emailOf]: 'new.user@example.org' }
      const yes = flag?.codec && encode({ kind: 'boolean', value: true }, flag.codec)
      if (flag && yes && 'value' in yes) fresh[flag.name] = yes.value
      if (uniquifier) fresh[uniquifier] = 'cd'.repeat(16)
      // Rows with ids of their own leave PostgreSQL's counter behind.
      if (engine.dialect === 'postgres') fresh.id = 1_999_999n
      const all: Change[] = [...merged.values(), { kind: 'insert', id: 'new', values: fresh }]
      const saved = await api.tables.save({ profileId, table, changes: all })
      const newKey = String(saved.rows.at(-1)?.key[0])

      const after = await allCells(opened, engine.dialect, table, key[0] ?? '', names)
      expect(after.size).toBe(before.size + 1)
      const touched = new Set(owner?.touches.map((touch) => touch.column))
      let untouched = 0
      for (const [id, cells] of before) {
        const own = intended.get(id)
        for (const name of names) {
          if (own && (name in own || touched.has(name))) continue
          expect(after.get(id)?.[name], `${set.name}, id ${id}, ${name}`).toBe(cells[name])
          untouched += 1
        }
      }
      const again = await api.tables.page({ view, place: { kind: 'first' }, limit: 1000 })
      let edited = 0
      for (const [id, own] of intended) {
        const row = again.rows[again.keys.findIndex((one) => String(one[0]) === id)] ?? []
        for (const [name, holds] of Object.entries(own)) {
          holds(row[again.columns.indexOf(name)] as Cell)
          edited += 1
        }
        for (const touch of owner?.touches ?? []) {
          if (touch.on === 'update') expect(after.get(id)?.[touch.column]).not.toBe(before.get(id)?.[touch.column])
        }
      }
      expect(after.has(newKey)).toBe(true)
      for (const { column: name } of owner?.touches ?? []) expect(after.get(newKey)?.[name], name).not.toBeNull()

      if (isThreeBytes) {
        const emoji: Change = {
          ...{ kind: 'update', id: 'emoji', key: [...(page.keys[80] ?? [])] },
          ...{ original: { [emailOf]: stored(80, emailOf) }, values: { [emailOf]: EMOJI } },
        }
        await expect(api.tables.save({ profileId, table, changes: [emoji] })).rejects.toThrow()
        expect(await allCells(opened, engine.dialect, table, key[0] ?? '', names)).toEqual(after)
      }
      console.log(
        `FIGURE interop edit ${set.name}: ${untouched} cells untouched and identical, ${edited} edited as intended`,
      )
    } finally {
      await opened.close()
    }
  })
})

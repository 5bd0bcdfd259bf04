// Every row of every set as its writer reads it: through Roster's own calls, on each engine.
import { expect, it } from 'vitest'
import { isForeign } from '../../src/shared/codecs.ts'
import { isSecret, type Cell } from '../../src/shared/cell.ts'
import { schemeOf } from '../../src/core/password-schemes.ts'
import { describeOnEachEngine } from '../../src/core/tables/engines.test-setup.ts'
import { inBerlin, momentExpected, readBoolean, readList, readMoment } from './read-by-owner.ts'
import { expectedOf, openSet, setsOf } from './sets.ts'

/** Dates among the further columns. */
const DATES = /_at$|^last_password_change$/

/** Further dates of that set are told as instants, and stored as digits of the writer's own zone. */
const atHome = (name: string, utc: string | null) => (name === 'gorm-mariadb' ? inBerlin(utc) : utc)

describeOnEachEngine('tables of other writers are read', (engine) => {
  it.each(setsOf(engine.dialect).map((set) => [set.name, set] as const))('%s', async (_name, set) => {
    const opened = await openSet(engine, set)
    try {
      const { api, profileId } = opened
      const { table } = set
      const description = await api.tables.describe({ profileId, table })
      const view = { profileId, table, sort: null, filter: null }
      const page = await api.tables.page({ view, place: { kind: 'first' }, limit: 1000 })
      expect(page.cut).toEqual([])
      const place = new Map(page.columns.map((name, index) => [name, index]))
      const expected = expectedOf(set)
      expect(page.rows).toHaveLength(set.row_count)
      expect(expected).toHaveLength(set.row_count)
      let cells = 0
      expected.forEach((row, at) => {
        const shown = page.rows[at] ?? []
        const of = (name: string) => shown[place.get(name) ?? -1] as Cell
        const about = `${set.name}, id ${row.id}`
        expect(String(of('id')), about).toBe(row.id)
        expect(of('email'), about).toBe(row.email)
        const password = shown[place.get('password') ?? -1]
        const scheme = row.password === null ? null : schemeOf(row.password)
        expect(isSecret(password) ? password.secret : password, about).toBe(scheme)
        cells += 3
        if (row.active !== undefined) {
          expect(readBoolean(set.writer.library, of('active')), about).toBe(row.active)
          cells += 1
        }
        if (row.fs_uniquifier !== undefined) {
          expect(of('fs_uniquifier'), about).toBe(row.fs_uniquifier)
          cells += 1
        }
        if (row.confirmed_at !== undefined) {
          expect(readMoment(of('confirmed_at')), about).toBe(momentExpected(row.confirmed_at))
          cells += 1
        }
        for (const [name, value] of Object.entries(row.extra ?? {})) {
          if (!place.has(name)) continue
          const cell = of(name)
          const [read, told] = DATES.test(name)
            ? [readMoment(cell), atHome(set.name, momentExpected(value as string | null))]
            : [name === 'past_passwords_hash' ? readList(cell) : typeof value === 'number' ? Number(cell) : cell, value]
          expect(read, `${about}, ${name}`).toEqual(told)
          cells += 1
        }
        // Nothing that the owner wrote is foreign to what was found of the column.
        for (const { name, codec } of description.columns) {
          if (codec) expect(isForeign(of(name), codec), `${about}, ${name}: ${String(of(name))}`).toBe(false)
        }
      })
      console.log(
        `FIGURE interop read ${set.name}: ${expected.length} rows, ${cells} cells as expected, owner ${description.owner?.words ?? ''}`,
      )
    } finally {
      await opened.close()
    }
  })
})

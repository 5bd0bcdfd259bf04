// Taking a save apart: every part can be saved once those before it were, also where rows give their values to each other.
import fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import { CLUSTER_MOST_CHANGES } from '../../shared/cluster.ts'
import type { Change } from '../../shared/tables.ts'
import type { Database } from '../db/database.ts'
import { sqlDialects } from '../db/sql-dialects.ts'
import { describeOnEachEngine, openFile, type Opened } from './engines.test-setup.ts'
import { checkLength, partsOf } from './save-parts.ts'
import type { PlanScope } from './save-plan.ts'

const FULL = process.env.VERIFY === 'full'
const ROWS = 24
const MOST = 10

const update = (id: number, original: Record<string, Cell>, values: Record<string, Cell>): Change => ({
  kind: 'update',
  id: `u${id}`,
  key: [BigInt(id)],
  original,
  values,
})

async function scopeOf({ database }: Opened, table: string): Promise<PlanScope> {
  const { signal } = new AbortController()
  const shape = await database.describe(table, signal)
  if (!shape) throw new Error(`There is no ${table}.`)
  const { dialect: name } = database
  return { name, dialect: sqlDialects[name], shape, database, signal, read: (one) => database.read(one, signal) }
}

describeOnEachEngine('a save in parts', (engine) => {
  let opened: Opened
  afterEach(() => opened.close())

  it('saves any exchange of unique values in parts, one after the other', async () => {
    opened = await engine.open('create table t (id integer primary key, v varchar(40) not null unique)')
    const scope = await scopeOf(opened, 't')
    const fill = Array.from({ length: ROWS }, (_, id) => `(${id}, 'v${id}')`).join()
    const everything = fc.array(fc.integer({ min: 0, max: ROWS + 5 }), { minLength: ROWS, maxLength: ROWS })
    const property = fc.asyncProperty(everything, async (wanted) => {
      await opened.sql(`delete from t; insert into t values ${fill}`)
      // Each value goes to one row at most; rows that would get none of their own keep theirs if nobody else takes it.
      const given = new Set<number>()
      const to = wanted.map((value) => (given.has(value) ? null : (given.add(value), value)))
      const isDeleted = (id: number) => to[id] === null
      const changes = to.map((value, id): Change => {
        const original = { v: `v${id}` }
        if (value === null) return { kind: 'delete', id: `d${id}`, key: [BigInt(id)], original }
        return update(id, original, { v: `v${value}` })
      })
      const needed = changes.filter((change) => change.kind !== 'update' || change.values.v !== change.original.v)
      if (needed.length === 0) return
      const longest = longestCircle(to)
      if (longest > MOST) {
        await expect(partsOf(scope, needed, MOST)).rejects.toMatchObject({ code: 'VALUE_REFUSED' })
        return
      }
      const parts = await partsOf(scope, needed, MOST)
      expect(
        parts
          .flat()
          .map(({ id }) => id)
          .sort(),
      ).toEqual(needed.map(({ id }) => id).sort())
      expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(MOST)
      for (const part of parts) await opened.api.tables.save({ profileId: opened.profileId, table: 't', changes: part })
      const left = [...to.keys()].filter((id) => !isDeleted(id))
      const stored = await opened.sql('select id, v from t order by id')
      expect(stored).toEqual(left.map((id) => [String(id), `v${to[id]}`]))
    })
    await fc.assert(property, { seed: 7, numRuns: FULL ? 300 : 8 })
  })
})

/** Rows of the longest circle of values, among rows that keep or get a value. */
function longestCircle(to: readonly (number | null)[]): number {
  let longest = 0
  for (const start of to.keys()) {
    const seen = new Set<number>()
    let at: number | null | undefined = start
    while (at !== null && at !== undefined && !seen.has(at)) {
      seen.add(at)
      at = to[at]
    }
    if (at === start) longest = Math.max(longest, seen.size)
  }
  return longest
}

it('a chain of thousands is cut where nobody waits for a value any more', async () => {
  const opened = await openFile('create table t (id integer primary key, v integer not null unique)')
  try {
    const scope = await scopeOf(opened, 't')
    const changes = Array.from({ length: 12_000 }, (_, i) => update(i, { v: BigInt(i) }, { v: BigInt(i + 1) }))
    const parts = await partsOf(scope, changes, CLUSTER_MOST_CHANGES)
    expect(parts.map(({ length }) => length)).toEqual([5_000, 5_000, 2_000])
    // The last row of the chain goes first: its new value is free.
    expect(parts.map((part) => part[0]?.id)).toEqual(['u11999', 'u6999', 'u1999'])
  } finally {
    await opened.close()
  }
})

it('one transaction of a cluster takes no more than that; of any other database it does', async () => {
  const opened = await openFile('create table t (id integer primary key)')
  try {
    const changes = Array.from({ length: CLUSTER_MOST_CHANGES + 1 }, (_, i): Change => ({
      ...{ kind: 'insert', id: `n${i}`, values: { id: BigInt(i) } },
    }))
    const clustered: Database = Object.create(opened.database, {
      facts: { value: async () => ({ ...(await opened.database.facts()), cluster: { name: 'shop', node: 'db1' } }) },
    }) as Database
    await expect(checkLength(opened.database, changes)).resolves.toBeUndefined()
    await expect(checkLength(clustered, changes.slice(1))).resolves.toBeUndefined()
    await expect(checkLength(clustered, changes)).rejects.toMatchObject({
      code: 'QUERY_FAILED',
      message: expect.stringMatching(
        /^5,001 changes are too many .* at most 5,000 .* Save them in several parts\.$/,
      ) as string,
    })
  } finally {
    await opened.close()
  }
})

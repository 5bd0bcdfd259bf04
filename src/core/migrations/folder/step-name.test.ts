// Names of steps, held to what knex itself makes of the same folder.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { byName, isModuleName, keyOf, sqlDirection } from './step-name.ts'

interface KnexFolder {
  getMigrations(extensions: string[]): Promise<{ file: string }[]>
}
const { FsMigrations } = createRequire(import.meta.url)('knex/lib/migrations/migrate/sources/fs-migrations.js') as {
  FsMigrations: new (folder: string, sortDirsSeparately: boolean) => KnexFolder
}

test.each([
  ['001-a.ts', '001-a'],
  ['001-a.js', '001-a'],
  ['001-a.mjs', '001-a'],
  ['001-a.cjs', '001-a'],
  ['001-a.up.sql', '001-a'],
  ['001-a.down.sql', '001-a'],
  ['001-a.sql', '001-a'],
  ['001-a.coffee', '001-a'],
  ['001-a', '001-a'],
  // No extension that anything is loaded by: a part of the name.
  ['v1.2-add.phone', 'v1.2-add.phone'],
  ['v1.2.ts', 'v1.2'],
  ['a.up.ts', 'a.up'],
  ['a.test.ts', 'a.test'],
])('%s is the step %s', (name, key) => expect(keyOf(name)).toBe(key))

test('steps stand in knex’s order, and are those that knex takes, but for declarations and hidden files', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'roster-names-'))
  const taken = ['10-j.js', '2-b.js', '2-B.ts', '2_b.cjs', '2-b-c.js', '2-b.test.ts', 'ä.js', 'z.js', 'A.mjs', '002.ts']
  const left = ['README.md', 'a.sql', 'a.json', 'b.mts', 'no-extension', 'C.JS']
  const differing = ['types.d.ts', '.hidden.js']
  try {
    for (const name of [...taken, ...left, ...differing]) writeFileSync(join(folder, name), '')
    const all = [...taken, ...left, ...differing]
    const found = await new FsMigrations(folder, false).getMigrations(['.js', '.cjs', '.mjs', '.ts'])
    const ofKnex = found.map(({ file }) => file)
    expect(all.filter(isModuleName).sort(byName)).toEqual(ofKnex.filter((name) => !differing.includes(name)))
    expect(ofKnex).toEqual(expect.arrayContaining(differing))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('only the two halves of a pair are SQL steps', () => {
  expect(['1.up.sql', '1.down.sql', '1.sql', 'up.sql', '.1.up.sql', '1.up.SQL'].map(sqlDirection)).toEqual([
    ...['up', 'down', null, null, null, null],
  ])
})

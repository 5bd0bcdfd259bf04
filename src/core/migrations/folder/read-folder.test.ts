// Reading folders as people have them: what is a step, what is told in words, and what makes trust ask again.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { testFolder } from './folder.test-setup.ts'
import { listFiles } from './list-files.ts'
import { readFolder } from './read-folder.ts'

const at = testFolder()
const read = () => readFolder(at.folder)
const names = async () => (await read()).files.map(({ name }) => name)

describe('what is a step', () => {
  test('modules and pairs, in order, with text, summary and checksum', async () => {
    at.write({
      '003-c.up.sql': '-- Adds phone.\nalter table a add phone text;\n',
      '003-c.down.sql': 'alter table a drop phone;\n',
      '001-a.ts': '// Makes a.\nexport async function up() {}\n',
      '002-b.cjs': 'exports.up = () => {}\n',
    })
    const { path, files, problem } = await read()
    expect([path, problem]).toEqual([at.folder, null])
    expect(files).toEqual([
      {
        ...{ name: '001-a.ts', key: '001-a', kind: 'module', summary: 'Makes a.' },
        files: [{ name: '001-a.ts', text: '// Makes a.\nexport async function up() {}\n' }],
        checksum: createHash('sha256').update('// Makes a.\nexport async function up() {}\n').digest('hex'),
      },
      expect.objectContaining({ name: '002-b.cjs', key: '002-b', summary: '' }),
      expect.objectContaining({
        ...{ name: '003-c.up.sql', key: '003-c', kind: 'sql', summary: 'Adds phone.' },
        files: [
          { name: '003-c.up.sql', text: '-- Adds phone.\nalter table a add phone text;\n' },
          { name: '003-c.down.sql', text: 'alter table a drop phone;\n' },
        ],
      }),
    ])
  })

  test('not subfolders, declarations, hidden files, notes and plain SQL', async () => {
    at.write({ 'old/001.ts': '', 'a.d.ts': '', '.a.js': '', 'README.md': '', 'seed.sql': 'x', 'b.js': '' })
    mkdirSync(join(at.folder, 'folder.js'))
    expect(await read()).toMatchObject({ files: [{ name: 'b.js' }], problem: null })
  })

  test('a checksum is the same with either line end and with a byte order mark, and another for the half of a pair', async () => {
    at.write({ 'a.js': 'one\r\ntwo\r\n', 'b.js': 'one\ntwo\n', 'c.js': '\uFEFFone\ntwo\n', 'd.js': 'one\rtwo\n' })
    at.write({ 'e.up.sql': 'x', 'f.up.sql': 'x', 'f.down.sql': 'y' })
    const [a, b, c, d, e, f] = (await read()).files.map(({ checksum }) => checksum)
    expect([b, c]).toEqual([a, a])
    expect(d).not.toBe(a)
    expect(f).not.toBe(e)
  })

  test('looking runs nothing', async () => {
    const trace = join(at.base, 'it-ran')
    const code = `require('node:fs').writeFileSync(${JSON.stringify(trace)}, '')\n`
    at.write({ '1.js': code, '2.cjs': code, '3.ts': `import '../lib.js'`, '../lib.js': code })
    expect(await names()).toEqual(['1.js', '2.cjs', '3.ts'])
    expect(() => readFileSync(trace)).toThrow(/ENOENT/)
    // The same code does leave its trace when it is run.
    spawnSync(process.execPath, [join(at.folder, '2.cjs')])
    expect(readFileSync(trace, 'utf8')).toBe('')
  })
})

describe('what is wrong is said in words, and the rest is read', () => {
  const problem = async () => (await read()).problem

  test.each([
    ['two modules', { 'a.js': '', 'a.ts': '' }, ['a.js'], /a\.js and a\.ts are the same step, so a\.ts is left out/],
    ['a module and a pair', { '1-a.ts': '', '1-a.up.sql': '' }, ['1-a.ts'], /1-a\.ts and 1-a\.up\.sql are the same/],
    ['a down alone', { 'a.down.sql': '', 'b.js': '' }, ['b.js'], /a\.down\.sql has no a\.up\.sql beside it/],
    ['no UTF-8', { 'a.js': Uint8Array.of(0x2f, 0x2f, 0xe9), 'b.js': '' }, ['b.js'], /a\.js is not UTF-8 text/],
  ])('%s', async (_what, files, left, words) => {
    at.write(files)
    expect(await names()).toEqual(left)
    expect(await problem()).toMatch(words)
  })

  test('an up alone is no problem', async () => {
    at.write({ 'a.up.sql': 'select 1' })
    expect(await read()).toMatchObject({ problem: null, files: [{ files: [{ name: 'a.up.sql' }] }] })
  })

  test('a file of more than 5 MB', async () => {
    at.write({ 'a.up.sql': '', 'b.js': '', 'c.up.sql': '' })
    truncateSync(join(at.folder, 'a.up.sql'), 5 * 1024 * 1024 + 1)
    truncateSync(join(at.folder, 'c.up.sql'), 5 * 1024 * 1024)
    expect(await names()).toEqual(['b.js', 'c.up.sql'])
    expect(await problem()).toMatch(/^a\.up\.sql is larger than 5 MB/)
  })

  test('links: inside they are read, out of the folder and into nothing they are not', async () => {
    at.write({ 'real.js': '// here', '../outside.js': '// there' })
    symlinkSync('real.js', join(at.folder, 'a.js'))
    symlinkSync('../outside.js', join(at.folder, 'b.js'))
    symlinkSync('gone.js', join(at.folder, 'c.js'))
    symlinkSync('d.js', join(at.folder, 'd.js'))
    symlinkSync('/', join(at.folder, 'a-folder.js'))
    expect(await names()).toEqual(['a.js', 'real.js'])
    const words = await problem()
    expect(words).toContain(`b.js is a link to ${join(at.base, 'outside.js')}, outside of the folder`)
    expect(words).toContain('c.js is a link that cannot be followed (there is nothing where it leads)')
    expect(words).toContain('d.js is a link that cannot be followed (its links lead in a circle)')
    expect(words).not.toContain('a-folder.js')
  })

  test('a pipe is no file, and is not waited for', async () => {
    at.write({ 'b.js': `require('./a')` })
    expect(spawnSync('mkfifo', [join(at.folder, 'a.js')]).status).toBe(0)
    expect(await names()).toEqual(['b.js'])
  })

  test('many problems are counted, not listed', async () => {
    at.write(Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`${index}.down.sql`, ''])))
    expect(await problem()).toMatch(/^0\.down.*4\.down.*There are 4 more problems like that\.$/s)
  })

  test('a folder with far too many files is not read', async () => {
    at.write({ 'a.js': '', 'b.js': '', 'c.up.sql': '', 'README.md': '' })
    expect(await listFiles(at.folder, 3)).toMatchObject({ steps: ['a.js', 'b.js', 'c.up.sql'], problems: [] })
    expect(await listFiles(at.folder, 2)).toMatchObject({
      steps: [],
      problems: [expect.stringContaining('more than 2 files') as string],
    })
  })
})

describe('a folder that cannot be read', () => {
  test.each([
    ['is missing', () => join(at.folder, 'none'), /^There is no folder .*none\./],
    ['is a file', () => join(at.folder, 'a.js'), /is a file, not a folder/],
    ['is below a file', () => join(at.folder, 'a.js', 'b'), /A part of .* is a file/],
    ['is no full path', () => 'migrations', /not a full path/],
  ])('%s', async (_what, path, words) => {
    at.write({ 'a.js': '' })
    const found = await readFolder(path())
    expect(found).toMatchObject({ path: path(), files: [], content: '', covered: [] })
    expect(found.problem).toMatch(words)
  })

  test('is not allowed: asked as another user, because root may read everything', () => {
    at.write({ 'a.js': '', 'b.js': '' })
    const code = `
      import { readFolder } from ${JSON.stringify(join(import.meta.dirname, 'read-folder.ts'))}
      console.log((await readFolder(${JSON.stringify(at.folder)})).problem)`
    const ask = () => {
      const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], nobody)
      return `${String(stdout)}${String(stderr)}`
    }
    chmodSync(at.base, 0o755)
    chmodSync(join(at.folder, 'a.js'), 0)
    expect(ask()).toMatch(/^a\.js cannot be read \(permission denied\), and is left out/)
    chmodSync(at.folder, 0)
    expect(ask()).toMatch(/^The folder .* cannot be read: permission denied\. Check the permissions/)
  })

  test('a link to a folder is read under its real path', async () => {
    at.write({ 'a.js': '' })
    const link = join(at.base, 'link')
    symlinkSync(at.folder, link)
    expect(await readFolder(link)).toMatchObject({ path: at.folder, files: [{ name: 'a.js' }] })
  })
})

describe('what is covered by trust', () => {
  const content = async () => (await read()).content
  const covered = async () => (await read()).covered.map(({ name }) => name)

  test('the same files have the same content, wherever they lie', async () => {
    at.write({ 'a.js': '1', 'b.js': '2' })
    const first = await content()
    at.write({ 'copy/a.js': '1', 'copy/b.js': '2' })
    expect((await readFolder(join(at.folder, 'copy'))).content).toBe(first)
  })

  test.each([
    ['a step changes', { 'a.js': 'changed' }],
    ['a step is added', { 'b.js': '' }],
    ['the down of a pair changes', { 'c.down.sql': 'changed' }],
    ['a helper beside the folder changes', { '../lib/helper.js': 'changed' }],
    ['a helper of the helper changes', { '../lib/deep.mts': 'changed' }],
    ['data beside the steps changes', { 'data.sql': 'changed' }],
    ['data that is named in a step changes', { '../lib/rows.csv': 'changed' }],
    ['a helper appears that would be found first', { '../lib/helper.ts': '' }],
  ])('it changes when %s', async (_what, change) => {
    at.write({
      'a.js': `const { x } = require("../lib/helper")\nreadFileSync(new URL('../lib/rows.csv', import.meta.url))`,
      'c.up.sql': 'x',
      'c.down.sql': 'y',
      'data.sql': 'z',
      '../lib/helper.js': `export { y } from './deep.mjs'`,
      '../lib/deep.mts': '',
      '../lib/rows.csv': '',
      '../lib/unused.js': '',
    })
    const before = await content()
    expect(await content()).toBe(before)
    at.write(change)
    expect(await content()).not.toBe(before)
  })

  test('it does not change for files that no step names', async () => {
    at.write({ 'a.js': '', 'README.md': '', '../lib/unused.js': '' })
    const before = await content()
    at.write({ 'README.md': 'changed', '../lib/unused.js': 'changed' })
    expect(await content()).toBe(before)
  })

  test.each([
    ['static imports', `import a from '../lib/a.js'`],
    ['exports', `export * from "../lib/a.js"`],
    ['require without an extension', `require('../lib/a')`],
    ['import() of a text', 'await import(`../lib/a.js`)'],
    ['a comment in between', `require(/* the helper */ '../lib/a')`],
    ['a folder', `require('../lib')`],
    ['a folder by its index', `import '../lib/'`],
    ['escapes of an address', `import '../lib/%61.js'`],
    ['a query', `import '../lib/a.js?1'`],
  ])('%s are followed', async (_what, code) => {
    at.write({ '1.mjs': code, '../lib/a.js': '', '../lib/index.js': `import './a.js'` })
    expect(await covered()).toContain('../lib/a.js')
  })

  test('a folder’s package.json names the file that is loaded', async () => {
    at.write({ '1.js': `require('../lib')`, '../lib/package.json': '{"main": "src/main"}', '../lib/src/main.js': '' })
    expect(await covered()).toEqual(['../lib/package.json', '../lib/src/main.js', '1.js'])
  })

  test('circles end, packages are not entered, and steps are not told twice', async () => {
    at.write({
      '1.js': `require('./2'); require('../a'); require('knex'); require('../node_modules/p/p.js')`,
      '2.js': `require('./1')`,
      '../a.js': `require('./b')`,
      '../b.js': `require('./a'); require('./migrations/1.js')`,
      '../node_modules/p/p.js': `require('./inside')`,
      '../node_modules/p/inside.js': '',
    })
    expect(await covered()).toEqual(['../a.js', '../b.js', '../node_modules/p/p.js', '1.js', '2.js'])
  })

  test('more files than are followed are said', async () => {
    const helpers = Array.from({ length: 2_001 }, (_, index) => `../lib/${index}.js`)
    at.write(Object.fromEntries(helpers.map((name) => [name, ''])))
    at.write({ '1.js': helpers.map((name) => `require('${name}')`).join('\n') })
    const { covered, problem } = await read()
    expect([covered.length, problem]).toEqual([2_001, expect.stringContaining('more than 2,000 files')])
  })
})

test('the steps that Roster ships need no folder', async () => {
  const { path, files, problem } = await readFolder(null)
  expect([path, problem, files[0]?.creates]).toEqual([null, null, 'auth_user'])
  for (const { name, files: own, summary, creates } of files) {
    expect(own).toEqual([
      { name, text: readFileSync(join(import.meta.dirname, '../../../../migrations', name), 'utf8') },
    ])
    expect(summary).not.toBe('')
    expect(creates === undefined || creates === 'auth_user').toBe(true)
  }
})

test('1,000 steps with a helper are read in well under a second', async () => {
  const body = `// Does something.\nconst { x } = require('../lib/helper')\n${'// filler\n'.repeat(200)}`
  at.write(
    Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`${String(index).padStart(4, '0')}.js`, body])),
  )
  at.write({ '../lib/helper.js': '' })
  // The best of three: the machine may be busy with other tests.
  let ms = Infinity
  for (let round = 0; round < 3; round++) {
    const began = performance.now()
    const { files, problem } = await read()
    ms = Math.min(ms, performance.now() - began)
    expect([files.length, problem]).toEqual([1_000, null])
  }
  console.log(`1,000 steps were read in ${ms.toFixed(0)} ms.`)
  expect(ms).toBeLessThan(1_000)
})

test('a folder that goes away while it is read is told in words', async () => {
  at.write(Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`${index}.js`, 'x'.repeat(10_000)])))
  const reading = read()
  rmSync(at.folder, { recursive: true })
  const { problem } = await reading
  expect(problem).toMatch(/cannot be read|There is no folder/)
})

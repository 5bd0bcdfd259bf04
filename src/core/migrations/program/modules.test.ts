// How a folder's files are loaded: every kind that knex takes, from where they lie, and only what was trusted.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { never, oneStep, recorder } from './program.test-setup.ts'

const UP = `knex.schema.createTable('a', (t) => { t.increments('id') })`
const response = () => ({ kind: 'response', response: [], context: { changes: 0 } }) as const

/** What the file's up sends. */
async function sentBy(name: string, text: string, more: Record<string, string> = {}): Promise<string[]> {
  const { programs, step } = oneStep(name, text, { more })
  const sink = recorder(response)
  const program = await programs.load(step, never)
  await program.run('up', sink, { isInTransaction: true, signal: never })
  return sink.sent
}

const CREATED = ['create table `a` (`id` integer not null primary key autoincrement)']

describe('a file is taken as knex takes it', () => {
  const module = `export const up = (knex) => ${UP}\nexport function down() {}`
  const common = `exports.up = function (knex) { return ${UP} }\nexports.down = async () => {}`
  const esm = { 'package.json': '{ "type": "module" }' }
  const commonjs = { 'package.json': '{ "type": "commonjs" }' }
  test.each<[what: string, name: string, text: string, more?: Record<string, string>]>([
    ['a module', '001-a.mjs', module],
    ['CommonJS', '001-a.cjs', common],
    ['CommonJS by default', '001-a.js', common],
    ['CommonJS by the package', '001-a.js', common, commonjs],
    ['a module by the package', '001-a.js', module, esm],
    ['a module by its syntax', '001-a.js', module],
    ['module.exports', '001-a.js', `module.exports = { up: (knex) => ${UP}, down() {} }`],
    ['a default that is an object', '001-a.mjs', `export default { up: (knex) => ${UP}, down() {} }`],
    [
      'compiled from a default',
      '001-a.js',
      `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = { up: (knex) => ${UP} }`,
    ],
    ['TypeScript', '001-a.ts', `import type { Knex } from 'knex'\nexport const up = (knex: Knex): unknown => ${UP}`],
    ['TypeScript in a module package', '001-a.ts', `export const up = (knex: any): unknown => ${UP}`, esm],
    ['TypeScript as CommonJS', '001-a.ts', `exports.up = (knex: any): unknown => ${UP}`],
    [
      'knex’s own template, whose import is for types alone',
      '001-a.ts',
      `import { Knex } from "knex";\n\n// Knex makes it.\nexport async function up(knex: Knex): Promise<void> {\n  await ${UP}\n}\n`,
    ],
    [
      'a mixed import',
      '001-a.ts',
      `import { Columns, name } from './lib.ts'\nexport const up = (knex: any, c?: Columns) => knex.schema.createTable(name, (t: any) => { t.increments('id') })`,
      { 'lib.ts': `export interface Columns { a: 1 }\nexport const name: string = 'a'` },
    ],
    [
      'a namespace for types alone',
      '001-a.ts',
      `import * as Knex from 'knex'\nimport Other from "other"\nexport async function up(knex: Knex, o?: Other): Promise<any> { return ${UP} }`,
    ],
    [
      'names without an extension',
      '001-a.ts',
      `import { name } from './lib'\nimport { column } from './more'\nimport type { Knex } from 'knex'
       export const up = (knex: Knex) => knex.schema.createTable(name, (t) => { t.increments(column) })`,
      {
        'lib.ts': `export const name: string = 'a'`,
        'more/index.ts': `export { column } from './real.js'`,
        'more/real.ts': `export const column = 'id'`,
      },
    ],
    ['a .mts', '001-a.mts', `export const up = (knex: any) => ${UP}`],
    ['a .cts', '001-a.cts', `exports.up = (knex: any) => ${UP}`],
    [
      'with a file beside it',
      '001-a.mjs',
      `import { name } from './lib.mjs'\nexport const up = (knex) => knex.schema.createTable(name, (t) => { t.increments('id') })`,
      { 'lib.mjs': `export const name = 'a'` },
    ],
    [
      'with a package of its own',
      '001-a.js',
      `const name = require('names'); exports.up = (knex) => knex.schema.createTable(name, (t) => { t.increments('id') })`,
      { 'node_modules/names/index.js': `module.exports = 'a'` },
    ],
    [
      'with its own knex',
      '001-a.js',
      `require('knex'); exports.up = (knex) => ${UP}`,
      { 'node_modules/knex/index.js': `module.exports = () => { throw new Error() }` },
    ],
  ])('%s: %s', async (_, name, text, more) => {
    expect(await sentBy(name, text, more)).toEqual(CREATED)
  })

  test('a relative path means the folder of the knexfile', async () => {
    const text = `import { readFileSync } from 'node:fs'\nexport const up = (knex) => knex.raw(readFileSync('seed.sql', 'utf8'))`
    const more = { 'knexfile.js': '', 'seed.sql': 'select 17' }
    expect(await sentBy('001-a.mjs', text, more)).toEqual(['select 17'])
  })

  test.each<[text: string, wantsTransaction: boolean, hasDown: boolean]>([
    [`export const up = () => {}`, true, false],
    [`export const up = () => {}; export const down = () => {}`, true, true],
    [`export const config = { transaction: false }; export const up = () => {}`, false, false],
    [`export const config = { transaction: true }; export const up = () => {}`, true, false],
    [`export default { config: { transaction: false }, up() {}, down() {} }`, false, true],
  ])('%s', async (text, wantsTransaction, hasDown) => {
    const { programs, step } = oneStep('001-a.mjs', text)
    const program = await programs.load(step, never)
    expect(program).toMatchObject({ wantsTransaction, hasDown })
    if (hasDown) return
    const down = program.run('down', recorder(), { isInTransaction: true, signal: never })
    await expect(down).rejects.toThrow('Nothing in 001-a.mjs says how to undo it (down).')
  })
})

describe('what cannot be loaded is refused in words', () => {
  test.each<[words: RegExp, name: string, text: string]>([
    [/^001-a\.mjs exports no function "up"/, '001-a.mjs', `export const down = () => {}`],
    [/^001-a\.mjs exports no function "up"/, '001-a.mjs', `export default function () {}`],
    [/^001-a\.js exports no function "up"/, '001-a.js', ``],
    [
      /^001-a\.js imports the package "knex", which is in none of \S+roster-program-\w+\/node_modules, .*Install it beside/,
      '001-a.js',
      `const knex = require('knex'); exports.up = () => knex`,
    ],
    [/imports the package "@a\/b", which is in none of/, '001-a.mjs', `import '@a/b'; export const up = () => {}`],
    [
      /imports the package "knex", which is in/,
      '001-a.ts',
      `import { knex } from 'knex'; export const up = () => knex`,
    ],
    [/imports \S+lib\.mjs, which is not there\.$/, '001-a.mjs', `import './lib.mjs'; export const up = () => {}`],
    [/^001-a\.mjs could not be loaded: SyntaxError: /, '001-a.mjs', `export const up = (`],
    [/^001-a\.mjs could not be loaded: no database url$/, '001-a.mjs', `throw new Error('no database url')`],
    [/has to be compiled \(an enum, .*: /, '001-a.ts', `enum A { b }\nexport const up = () => A.b`],
    [/^001-a\.mjs was not loaded\. .* ended \(exit code 3\)/, '001-a.mjs', `process.exit(3)`],
  ])('%s', async (words, name, text) => {
    const { programs, step } = oneStep(name, text)
    await expect(programs.load(step, never)).rejects.toMatchObject({
      code: 'STEP_REFUSED',
      data: { name },
      message: expect.stringMatching(words) as string,
    })
  })

  test('a file that is another than the one that was trusted is not run', async () => {
    const { programs, step, folder } = oneStep('001-a.mjs', `export const up = () => {}`)
    writeFileSync(join(folder, '001-a.mjs'), `throw new Error('it was run')`)
    await expect(programs.load(step, never)).rejects.toMatchObject({
      code: 'NOT_TRUSTED',
      message: '001-a.mjs is not the file that was trusted: it has changed since it was read. Nothing of it was run.',
    })
  })

  test('a file that is gone by now is told', async () => {
    const { programs, step, folder } = oneStep('001-a.mjs', `export const up = () => {}`)
    rmSync(join(folder, '001-a.mjs'))
    await expect(programs.load(step, never)).rejects.toMatchObject({
      code: 'STEP_REFUSED',
      message: expect.stringMatching(/^001-a\.mjs cannot be read: ENOENT/) as string,
    })
  })

  test('a file whose line ends are others is the same', async () => {
    const { programs, step, folder } = oneStep('001-a.mjs', `export const up = () => {}\n`)
    writeFileSync(join(folder, '001-a.mjs'), `export const up = () => {}\r\n`)
    expect(await programs.load(step, never)).toMatchObject({ hasDown: false })
  })

  test('a byte order mark is no part of the text', async () => {
    const { programs, step, folder } = oneStep('001-a.ts', `export const up = (): void => {}\n`)
    writeFileSync(join(folder, '001-a.ts'), `\uFEFFexport const up = (): void => {}\n`)
    expect(await programs.load(step, never)).toMatchObject({ hasDown: false })
  })

  test('outermost code that never ends is ended after the limit', async () => {
    const options = { timeouts: { load: 300 } }
    for (const text of ['while (true);', 'await new Promise(() => setInterval(() => {}, 1000))']) {
      const { programs, step } = oneStep('001-a.mjs', `${text}\nexport const up = () => {}`, options)
      await expect(programs.load(step, never)).rejects.toThrow('was not through after 0.3 s, so the process was ended.')
    }
  })

  test('outermost code that never ends is ended by an abort', async () => {
    const { programs, step } = oneStep('001-a.mjs', 'while (true);')
    const abort = new AbortController()
    const failed = expect(programs.load(step, abort.signal)).rejects.toThrow('Cancelled')
    setTimeout(() => abort.abort(new Error('Cancelled')), 200)
    await failed
  })

  test('nothing is started before something is loaded', async () => {
    const { programs, step, host } = oneStep('001-a.mjs', `export const up = () => {}`)
    expect(host.pids).toEqual([])
    await programs.load(step, never)
    await programs.load(step, never)
    expect(host.pids).toHaveLength(1)
  })
})

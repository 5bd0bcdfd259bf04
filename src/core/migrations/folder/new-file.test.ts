// New steps in real folders: named so that they come last, in the language of the folder, and never over another file.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { testFolder } from './folder.test-setup.ts'
import { writeNewFile } from './new-file.ts'
import { readFolder } from './read-folder.ts'

const at = testFolder()
const now = new Date('2026-03-04T05:06:07.890Z')
const make = async (kind: 'ts' | 'js' | 'sql', title = 'Add phone number') =>
  (await writeNewFile(at.folder, title, kind, now)).map((path) => basename(path))
const text = (name: string) => readFileSync(join(at.folder, name), 'utf8')
const empty = (...names: string[]) => at.write(Object.fromEntries(names.map((name) => [name, ''])))

describe('the name', () => {
  test.each([
    ['an empty folder', [], '20260304050607_add_phone_number.ts'],
    ['dates', ['20250101000000_a.js'], '20260304050607_add_phone_number.ts'],
    ['a date of the same second', ['20260304050607_a.js'], '20260304050608_add_phone_number.ts'],
    ['a date of the future', ['20270101235959_a.js'], '20270102000000_add_phone_number.ts'],
    ['three digits', ['001-a.ts', '002-b.up.sql'], '003-add-phone-number.ts'],
    ['four digits', ['0009_a.js'], '0010_add_phone_number.ts'],
    ['six digits', ['000001_a.up.sql', '000001_a.down.sql'], '000002_add_phone_number.ts'],
    ['a gap', ['001_a.js', '007_b.js'], '008_add_phone_number.ts'],
    ['numbers, then dates', ['001_a.js', '20250101000000_b.js'], '20260304050607_add_phone_number.ts'],
    ['days', ['20250101-a.js'], '20260304050607_add_phone_number.ts'],
    ['months', ['202501-a.js'], '20260304050607_add_phone_number.ts'],
    ['files that are no steps', ['README.md', '009.sql'], '20260304050607_add_phone_number.ts'],
  ])('after %s', async (_what, names, expected) => {
    empty(...names)
    expect(await make('ts')).toEqual([expected])
    const { files } = await readFolder(at.folder)
    expect(files.at(-1)?.name).toBe(expected)
  })

  test.each([
    ['  Größe & "Länge"! ', '20260304050607_große_lange.ts'],
    ['../../etc/passwd', '20260304050607_etc_passwd.ts'],
    ['電話を追加', '20260304050607_電話を追加.ts'],
    ['!!!', '20260304050607_migration.ts'],
    ['x'.repeat(100), `20260304050607_${'x'.repeat(60)}.ts`],
  ])('of %j', async (title, expected) => {
    expect((await make('ts', title)).map((name) => name.normalize())).toEqual([expected.normalize()])
  })

  test.each([
    ['used up', ['998_a.js', '999_b.js']],
    ['without zeros', ['8_a.js', '9_b.js']],
  ])('numbers that are %s would not come last, and are refused', async (_what, names) => {
    empty(...names)
    await expect(make('ts')).rejects.toMatchObject({
      code: 'FOLDER_REFUSED',
      data: { path: at.folder },
      message: expect.stringContaining(`would be run before ${names.at(-1)}`) as string,
    })
    expect(readdirSync(at.folder)).toEqual(names)
  })
})

describe('the text', () => {
  test('has the title as the step’s summary, whatever is in it', async () => {
    await make('ts', 'Add */ phone\u2028process.exit()')
    await make('sql', 'Drop it; now')
    const { files, problem } = await readFolder(at.folder)
    expect(files.map(({ summary }) => summary)).toEqual(['Add * / phone process.exit().', 'Drop it; now.'])
    expect(problem).toBeNull()
  })

  test.each([
    ['js', {}, '.js', 'exports.up'],
    ['js', { '../package.json': '{"type": "module"}' }, '.js', 'export async'],
    ['js', { '../package.json': '{"type": "commonjs"}' }, '.js', 'exports.up'],
    ['js', { '../package.json': 'damaged' }, '.js', 'exports.up'],
    ['js', { '../package.json': '{"type": "module"}', 'package.json': '{}' }, '.js', 'exports.up'],
    ['js', { '001_a.js': 'export function up() {}' }, '.js', 'export async'],
    ['js', { '001_a.js': 'exports.up = 1', '../package.json': '{"type": "module"}' }, '.js', 'exports.up'],
    ['js', { '001_a.mjs': '' }, '.mjs', 'export async'],
    ['js', { '001_a.cjs': '', '../package.json': '{"type": "module"}' }, '.cjs', 'exports.up'],
    ['ts', { '001_a.cjs': '' }, '.ts', 'export async'],
  ] as const)('of %s beside %j is in the language of the folder', async (kind, files, extension, words) => {
    at.write(files)
    const [name = ''] = await make(kind)
    expect(name.endsWith(`number${extension}`)).toBe(true)
    expect(text(name)).toContain(words)
  })

  test.each([
    ['ts', {}],
    ['js', {}],
    ['js', { '001_a.mjs': '' }],
    ['js', { '../package.json': '{"type": "module"}' }],
  ] as const)('of %s beside %j loads, with an up and a down that do nothing', async (kind, files) => {
    at.write(files)
    // A line separator would end the comment that the title stands in.
    const [name = ''] = await make(kind, 'Title\u2028console.log("ran")\u2029console.log("ran")\nconsole.log("ran")')
    const code = `const { up, down } = await import(${JSON.stringify(join(at.folder, name))})
      await up(null); await down(null); console.log('well')`
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
    expect([stdout, stderr]).toEqual(['well\n', ''])
  })

  test('of SQL is a pair', async () => {
    expect(await make('sql')).toEqual([
      '20260304050607_add_phone_number.up.sql',
      '20260304050607_add_phone_number.down.sql',
    ])
    expect((await readFolder(at.folder)).files[0]?.files).toHaveLength(2)
  })
})

describe('what cannot be written', () => {
  const refused = { code: 'FOLDER_REFUSED' }

  test('is said, and nothing is left of half a pair', async () => {
    // No step, and so in nobody's way until its name is taken.
    mkdirSync(join(at.folder, '20260304050607_add_phone_number.down.sql'))
    await expect(make('sql')).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('is there already') as string,
    })
    expect(readdirSync(at.folder)).toEqual(['20260304050607_add_phone_number.down.sql'])
  })

  test('a missing folder', async () => {
    const missing = join(at.base, 'none')
    await expect(writeNewFile(missing, 'x', 'ts', now)).rejects.toMatchObject({ ...refused, data: { path: missing } })
  })

  test('a folder without the right to write: asked as another user, because root may', () => {
    chmodSync(at.base, 0o755)
    chmodSync(at.folder, 0o555)
    const code = `
      import { writeNewFile } from ${JSON.stringify(join(import.meta.dirname, 'new-file.ts'))}
      await writeNewFile(${JSON.stringify(at.folder)}, 'x', 'ts', new Date()).catch((error) => console.log(error.code, error.message))`
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { ...nobody, encoding: 'utf8' })
    expect(stdout).toMatch(/^FOLDER_REFUSED .* was not made\. .*: permission denied\. Check the permissions/)
  })

  test('nothing is overwritten when two are made in the same second', async () => {
    const [one, two] = await Promise.allSettled([make('ts'), make('ts')])
    const made = [one, two].filter(({ status }) => status === 'fulfilled')
    expect(readdirSync(at.folder)).toHaveLength(made.length)
    writeFileSync(join(at.folder, readdirSync(at.folder)[0] ?? ''), 'mine')
    await make('ts')
    expect(text('20260304050607_add_phone_number.ts')).toBe('mine')
  })
})

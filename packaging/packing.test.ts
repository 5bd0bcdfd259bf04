// Packs Roster for every platform with a made-up Electron, offline, and looks at what came out.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPackage, extractAll } from '@electron/asar'
import { NtExecutable, NtExecutableResource, Resource } from 'resedit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Standin } from '../e2e/standin/client.ts'
import { askedFor } from '../scripts/asked-for.ts'
import { programIn, resourcesIn, wrongWith } from './after-pack.ts'
import { lookInside } from './contents.ts'
import { setFuses, wrongFuses } from './fuses.ts'
import { makeElectron, SHIPPED_WIRE } from './made-up-electron.ts'
import { packFolder, type PackedArch } from './pack.ts'
import { FUSES, type PackedPlatform } from './settings.ts'

const lockfile = join(import.meta.dirname, '..', 'package-lock.json')
let folder: string
/** A copy, so that a build which runs meanwhile does not tear what is packed here. */
let built: string
const started: ChildProcess[] = []

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'roster-packing-'))
  built = join(folder, 'built')
  cpSync(join(import.meta.dirname, '..', 'out'), built, { recursive: true })
})
afterAll(() => {
  for (const child of started) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** Packs once for each platform and machine; later calls get the same folder. */
const packed = new Map<string, Promise<string>>()
function pack(platform: PackedPlatform, arch: PackedArch): Promise<string> {
  const name = `${platform}-${arch}`
  const known = packed.get(name)
  if (known) return known
  const electron = join(folder, `electron-${name}`)
  makeElectron(electron, platform)
  const packing = packFolder({ platform, built, output: join(folder, name), electron }, arch)
  packed.set(name, packing)
  return packing
}

const PLATFORMS: [PackedPlatform, PackedArch][] = [
  ['linux', 'x64'],
  ['linux', 'arm64'],
  ['darwin', 'x64'],
  ['darwin', 'arm64'],
  ['win32', 'x64'],
  ['win32', 'arm64'],
]

describe.each(PLATFORMS)('%s %s', (platform, arch) => {
  test('holds what it must, nothing of development, and one native module outside of the archive', async () => {
    const { files, wrong } = lookInside(
      resourcesIn(await pack(platform, arch), platform),
      `${platform}-${arch}`,
      lockfile,
    )
    expect(wrong).toEqual([])
    expect(files.filter((file) => file.endsWith('.node'))).toEqual([
      `node_modules/better-sqlite3/prebuilds/${platform}-${arch}.node`,
    ])
    expect(files.length).toBeGreaterThan(500)
    expect(files.filter((file) => /node_modules\/(react|vite|electron|typescript|@mantine)\//.test(file))).toEqual([])
  })

  test('has its fuses set in the finished program', async () => {
    expect(await wrongFuses(programIn(await pack(platform, arch), platform))).toEqual([])
  })

  test('knows no address for updates, and holds the licences', async () => {
    const home = await pack(platform, arch)
    const names = readdirSync(home, { recursive: true, encoding: 'utf8' })
    expect(names.filter((name) => name.includes('app-update'))).toEqual([])
    expect(names.filter((name) => /LICENSE\.electron\.txt|LICENSES\.chromium\.html/.test(name))).toHaveLength(2)
  })
})

test('a feed is written into the package, and only then', async () => {
  const electron = join(folder, 'electron-feed')
  makeElectron(electron, 'linux')
  const feed = 'https://updates.roster.invalid/stable'
  const home = await packFolder({ platform: 'linux', built, output: join(folder, 'feed'), electron, feed }, 'x64')
  const written = readFileSync(join(resourcesIn(home, 'linux'), 'app-update.yml'), 'utf8')
  expect(written).toContain('provider: generic')
  expect(written).toContain(`url: ${feed}`)
})

test('macOS is told of the files, the link, the icon and the archive’s hash', async () => {
  const contents = join(await pack('darwin', 'x64'), 'Roster.app', 'Contents')
  const plist = readFileSync(join(contents, 'Info.plist'), 'utf8')
  for (const extension of ['db', 'sqlite', 'sqlite3']) expect(plist).toContain(`<string>${extension}</string>`)
  expect(plist).toMatch(/<key>LSHandlerRank<\/key>\s*<string>Alternate<\/string>/)
  expect(plist).toMatch(/<key>CFBundleURLSchemes<\/key>\s*<array>\s*<string>roster<\/string>/)
  expect(plist).toMatch(/<key>Resources\/app.asar<\/key>\s*<dict>\s*<key>algorithm<\/key>\s*<string>SHA256<\/string>/)
  expect(readFileSync(join(contents, 'Resources', 'icon.icns'))).toEqual(
    readFileSync(join(import.meta.dirname, 'icons', 'icon.icns')),
  )
})

test('Windows shows Roster’s name and icons, and the archive’s hash is in the program', async () => {
  const program = readFileSync(programIn(await pack('win32', 'x64'), 'win32'))
  const { entries } = NtExecutableResource.from(NtExecutable.from(program))
  const [version] = Resource.VersionInfo.fromEntries(entries)
  const language = version?.getAllLanguagesForStringValues()[0]
  expect(language && version?.getStringValues(language)).toMatchObject({ ProductName: 'Roster' })
  expect(Resource.IconGroupEntry.fromEntries(entries)[0]?.icons).toHaveLength(7)
  const integrity = entries.find(({ type }) => type === 'INTEGRITY')
  expect(Buffer.from(integrity?.bin ?? new ArrayBuffer()).toString()).toContain('app.asar')
})

describe('the packed files, taken out of the archive to a place without the project’s packages', () => {
  let tree: string
  beforeAll(async () => {
    const resources = resourcesIn(await pack('linux', process.arch === 'arm64' ? 'arm64' : 'x64'), 'linux')
    tree = join(folder, 'tree')
    extractAll(join(resources, 'app.asar'), tree)
  })

  test.skipIf(process.platform !== 'linux')('every package that the bundles name loads, with all that it needs', () => {
    const bundles = readdirSync(join(tree, 'out/main')).filter((name) => name.endsWith('.js'))
    // From the syntax tree: the steps' texts, which the bundle holds, have lines that begin like an import.
    const named = bundles.flatMap((name) => askedFor(join(tree, 'out/main', name)).modules)
    const packages = [...new Set(named)].filter((name) => !/^(electron$|node:|\.)/.test(name))
    expect(packages).toContain('better-sqlite3')
    expect(packages).toContain('@orpc/server')
    expect(packages).toContain('electron-updater')
    const program = [
      ...packages.map((name) => `await import(${JSON.stringify(name)})`),
      `const { default: Database } = await import('better-sqlite3')`,
      `const updater = Object.getOwnPropertyDescriptor((await import('electron-updater')).default, 'autoUpdater')`,
      `if (typeof updater?.get !== 'function') throw new Error('electron-updater has no autoUpdater')`,
      `console.log(new Database(':memory:').prepare('select sqlite_version() v').get().v)`,
    ].join('\n')
    writeFileSync(join(tree, 'out/main/load-all.mjs'), program)
    const { status, stdout, stderr } = spawnSync(process.execPath, ['out/main/load-all.mjs'], {
      cwd: tree,
      encoding: 'utf8',
    })
    rmSync(join(tree, 'out/main/load-all.mjs'))
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^3\.\d+\.\d+\n$/)
    expect(status).toBe(0)
  })

  test.skipIf(process.platform !== 'linux')('the browser host starts and serves the page', async () => {
    const child = spawn(process.execPath, ['out/main/headless.js', '--data-dir', join(folder, 'data')], { cwd: tree })
    started.push(child)
    let said = ''
    child.stdout.on('data', (text: Buffer) => (said += text.toString()))
    child.stderr.on('data', (text: Buffer) => (said += text.toString()))
    await expect.poll(() => said, { timeout: 10_000 }).toMatch(/http:\/\/127\.0\.0\.1:\d+\/#token=/)
    const answer = await fetch(new URL('/', /http:\S+/.exec(said)?.[0]))
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('<title>Roster</title>')
  })

  test.skipIf(process.platform !== 'linux')(
    'the main bundle opens its window and a database in the stand-in for Electron',
    async () => {
      const dataFolder = join(folder, 'window-data')
      mkdirSync(dataFolder)
      const standin = new Standin({ dataFolder, folder: tree, main: join(tree, 'out/main/desktop.js') })
      started.push(standin.process)
      const page = await standin.page()
      await page.getByText('Journal: wal').waitFor()
      expect(await page.title()).toBe('Sample users (SQLite) – Roster')
      const modules = standin.ask('recorded').then((all) => all.filter(({ what }) => what === 'module'))
      const urls = (await modules)
        .map(({ detail }) => (detail as { url: string }).url)
        .filter((url) => url.startsWith('file:'))
      expect(urls.length).toBeGreaterThan(100)
      expect(urls.filter((url) => !url.startsWith(`file://${tree}/`))).toEqual([])
      await standin.kill()
    },
  )
})

describe('a package that is not as it must be is refused', () => {
  const arch = 'x64'
  /** A copy of the package's resources with other contents. */
  async function changed(name: string, change: (tree: string) => void): Promise<string[]> {
    const resources = resourcesIn(await pack('linux', arch), 'linux')
    const tree = join(folder, `${name}-tree`)
    extractAll(join(resources, 'app.asar'), tree)
    change(tree)
    const copy = join(folder, name)
    mkdirSync(copy)
    await createPackage(tree, join(copy, 'app.asar'))
    return lookInside(copy, `linux-${arch}`, lockfile).wrong
  }
  const NATIVE = 'node_modules/better-sqlite3/prebuilds/linux-x64.node'
  const packedInside = `${NATIVE} is inside the archive, where the system cannot load it.`

  test('a native module inside the archive', async () => {
    expect(await changed('inside', () => undefined)).toEqual([packedInside])
  })

  test('sources, maps, secrets, other folders', async () => {
    const wrong = await changed('sources', (tree) => {
      for (const file of ['out/main/index.ts', 'out/main/desktop.js.map', 'out/.env', 'src.txt'])
        writeFileSync(join(tree, file), '')
    })
    expect(wrong).toEqual(
      expect.arrayContaining([
        'out/main/index.ts is needed for development alone.',
        'out/main/desktop.js.map is needed for development alone.',
        'out/.env is needed for development alone.',
        'src.txt does not belong into a package.',
      ]),
    )
  })

  test('a development package, and a second Node', async () => {
    const wrong = await changed('packages', (tree) => {
      for (const name of ['vite', `node-linux-${arch}`]) {
        const from = join(import.meta.dirname, '..', 'node_modules', name, 'package.json')
        cpSync(from, join(tree, 'node_modules', name, 'package.json'))
      }
    })
    expect(wrong).toContain('node_modules/vite is no production dependency.')
    expect(wrong).toContain(`node_modules/node-linux-${arch} is a second Node.`)
  })

  test('a missing entry, a missing native module, one for another platform', async () => {
    const wrong = await changed('missing', (tree) => {
      rmSync(join(tree, 'out/main/sqlite.js'))
      rmSync(join(tree, 'out/main/migration.js'))
      rmSync(join(tree, 'out/main/hashing.js'))
      cpSync(join(tree, NATIVE), join(tree, NATIVE.replace('linux', 'win32')))
      rmSync(join(tree, NATIVE))
    })
    expect(wrong).toEqual(
      expect.arrayContaining([
        'out/main/sqlite.js is missing.',
        'out/main/migration.js is missing.',
        'out/main/hashing.js is missing.',
        `${NATIVE} is missing.`,
        `${NATIVE.replace('linux', 'win32')} is for another platform.`,
      ]),
    )
  })

  test('a file that changed while it was packed', async () => {
    const copy = join(folder, 'changed')
    cpSync(resourcesIn(await pack('linux', arch), 'linux'), copy, { recursive: true })
    const bytes = readFileSync(join(copy, 'app.asar'))
    bytes.write('X', bytes.indexOf('<title>Roster</title>'))
    writeFileSync(join(copy, 'app.asar'), bytes)
    expect(lookInside(copy, `linux-${arch}`, lockfile).wrong).toEqual([
      'out/renderer/index.html changed while it was packed.',
    ])
  })

  test('no archive at all', () => {
    expect(lookInside(folder, 'linux-x64', lockfile).wrong).toEqual([expect.stringContaining('There is no')])
  })

  test.each(Object.keys(FUSES))('the fuse %s set back', async (name) => {
    const home = join(folder, 'set-back')
    rmSync(home, { recursive: true, force: true })
    cpSync(await pack('linux', arch), home, { recursive: true })
    const program = programIn(home, 'linux')
    const bytes = readFileSync(program)
    const place = bytes.length - SHIPPED_WIRE.length + Object.keys(FUSES).indexOf(name)
    bytes[place] = bytes[place] === 0x31 ? 0x30 : 0x31
    writeFileSync(program, bytes)
    expect(await wrongWith(home, 'linux', arch)).toEqual([expect.stringContaining(`The fuse ${name} is`)])
  })
})

describe('packing stops', () => {
  async function packWith(name: string, wire: string): Promise<unknown> {
    const electron = join(folder, `electron-${name}`)
    makeElectron(electron, 'linux', wire)
    return packFolder({ platform: 'linux', built, output: join(folder, name), electron }, 'x64').catch(
      (error: unknown) => error,
    )
  }

  test('where Electron has a fuse that nobody thought about', async () => {
    expect(String(await packWith('more-fuses', `${SHIPPED_WIRE}1`))).toMatch(
      /has 10 fuses but you only provided a config for 9/,
    )
  })

  test('where Electron lacks one', async () => {
    expect(String(await packWith('fewer-fuses', SHIPPED_WIRE.slice(0, 8)))).toMatch(/fuse/)
  })

  test('where the program has no fuses', async () => {
    const program = join(folder, 'no-fuses')
    writeFileSync(program, 'nothing')
    await expect(setFuses(program)).rejects.toThrow(/sentinel/)
    await expect(wrongFuses(program)).rejects.toThrow(/sentinel/)
  })
})

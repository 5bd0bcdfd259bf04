// What packages are made of, as far as it can be seen without packing: `npm run verify:packaging` packs.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { FUSES, LINK_SCHEME, SQLITE_EXTENSIONS } from '../packaging/settings.ts'
import { isRosterLink, LINK_SCHEME as READ_SCHEME } from '../src/main/roster-link.ts'
import { inProject } from './project.ts'

const read = (...path: string[]) => readFileSync(inProject(...path))
const readJson = (path: string) => JSON.parse(read(path).toString()) as Record<string, unknown>

test('the fuses are those of the security checklist', () => {
  expect(FUSES).toMatchObject({
    RunAsNode: false,
    EnableNodeOptionsEnvironmentVariable: false,
    EnableNodeCliInspectArguments: false,
    EnableCookieEncryption: true,
    EnableEmbeddedAsarIntegrityValidation: true,
    OnlyLoadAppFromAsar: true,
    GrantFileProtocolExtraPrivileges: false,
    LoadBrowserProcessSpecificV8Snapshot: false,
  })
})

test('packages register the scheme that is read, and the usual names of SQLite files', () => {
  expect(LINK_SCHEME).toBe(READ_SCHEME)
  expect(isRosterLink(`${LINK_SCHEME}:open`)).toBe(true)
  expect(SQLITE_EXTENSIONS).toEqual(['db', 'sqlite', 'sqlite3'])
})

test('what packs is pinned', () => {
  const { devDependencies } = readJson('packaging/package.json') as { devDependencies: Record<string, string> }
  expect(Object.values(devDependencies).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
})

describe('the native module', () => {
  const prebuilds = readdirSync(inProject('node_modules/better-sqlite3/prebuilds'))

  test('is there for every machine that packages are made for', () => {
    expect(prebuilds).toEqual(
      expect.arrayContaining(
        ['linux', 'darwin', 'win32'].flatMap((platform) => [`${platform}-x64.node`, `${platform}-arm64.node`]),
      ),
    )
  })

  // Node-API is the same in every Node and Electron of its version or later; V8's own functions are not.
  test.each(prebuilds)('%s uses Node-API, and nothing of V8 or Node beside it', (name) => {
    const text = read('node_modules/better-sqlite3/prebuilds', name).toString('latin1')
    expect(text).toContain('napi_register_module_v1')
    expect(text.match(/_ZNK?(2v8|4node)\d|@(v8|node)@@/g)).toBeNull()
  })
})

describe('the icons', () => {
  const home = 'packaging/icons'
  const PNG = Buffer.from('89504e470d0a1a0a', 'hex')
  const sizeOf = (png: Buffer) => {
    expect(png.subarray(0, 8)).toEqual(PNG)
    return [png.readUInt32BE(16), png.readUInt32BE(20)]
  }

  test('are the mark that the page shows', () => {
    expect(read('src/renderer/icon.svg')).toEqual(read(home, 'icon.svg'))
  })

  test.each([16, 24, 32, 48, 64, 128, 256, 512])('for Linux in %i pixels', (size) => {
    expect(sizeOf(read(home, 'linux', `${size}x${size}.png`))).toEqual([size, size])
  })

  test('for Windows in one file', () => {
    const ico = read(home, 'icon.ico')
    const sizes = Array.from({ length: ico.readUInt16LE(4) }, (_, index) => {
      const at = 6 + 16 * index
      const start = ico.readUInt32LE(at + 12)
      const [width] = sizeOf(ico.subarray(start, start + ico.readUInt32LE(at + 8)))
      expect(ico[at]).toBe((width ?? 0) % 256)
      return width
    })
    expect(sizes).toEqual([16, 24, 32, 48, 64, 128, 256])
  })

  test('for macOS in one file', () => {
    const icns = read(home, 'icon.icns')
    expect(icns.toString('latin1', 0, 4)).toBe('icns')
    expect(icns.readUInt32BE(4)).toBe(icns.length)
    const found: Record<string, number | undefined> = {}
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
      found[icns.toString('latin1', at, at + 4)] = sizeOf(icns.subarray(at + 8))[0]
    }
    expect(found).toEqual({ ic11: 32, ic12: 64, ic07: 128, ic13: 256, ic08: 256, ic14: 512, ic09: 512, ic10: 1024 })
  })
})

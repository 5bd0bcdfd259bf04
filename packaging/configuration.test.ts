// The configuration against the schema that electron-builder ships, for every platform, and against the files it names.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { validateConfiguration } from 'app-builder-lib/out/util/config/config.js'
import { DebugLogger } from 'builder-util'
import { describe, expect, test } from 'vitest'
import { configuration } from './electron-builder.config.ts'
import { PACKAGES } from './pack.ts'
import type { PackedPlatform } from './settings.ts'

const project = join(import.meta.dirname, '..')
const PLATFORMS: PackedPlatform[] = ['linux', 'darwin', 'win32']
const KEYS = { linux: 'linux', darwin: 'mac', win32: 'win' } as const

describe.each(PLATFORMS)('%s', (platform) => {
  const made = configuration({ platform, output: '/nowhere' })

  test('meets the schema', async () => {
    await expect(validateConfiguration(made, new DebugLogger(false))).resolves.toBeUndefined()
  })

  test('names each package for both machines', () => {
    const targets = made[KEYS[platform]]?.target
    expect(targets).toEqual(PACKAGES[platform].map((target) => ({ target, arch: ['x64', 'arm64'] })))
  })

  test('uploads nothing, rebuilds nothing, and takes nothing that is missing', () => {
    expect(made).toMatchObject({ publish: null, npmRebuild: false, allowMissingDependencies: false })
  })

  test('names an icon that is there', () => {
    expect(existsSync(join(project, 'packaging/icons', made[KEYS[platform]]?.icon ?? 'none'))).toBe(true)
  })
})

test('the schema refuses what it does not know', async () => {
  const made = { ...configuration({ platform: 'linux', output: '/nowhere' }), unknownOption: true }
  await expect(validateConfiguration(made, new DebugLogger(false))).rejects.toThrow(/unknownOption/)
})

test('on macOS the hardened runtime gives up one thing', () => {
  const { mac } = configuration({ platform: 'darwin', output: '/nowhere' })
  expect(mac?.hardenedRuntime).toBe(true)
  const entitlements = readFileSync(join(project, String(mac?.entitlements)), 'utf8')
  expect([...entitlements.matchAll(/<key>([^<]*)<\/key>/g)].map(([, key]) => key)).toEqual([
    'com.apple.security.cs.allow-jit',
  ])
})

test('macOS gets a zip, which it updates from, only where there is a feed', () => {
  const { mac } = configuration({ platform: 'darwin', output: '/nowhere', feed: 'https://updates.roster.invalid/' })
  expect(mac?.target).toMatchObject([{ target: 'dmg' }, { target: 'zip' }])
})

test('Windows installs for one person', () => {
  expect(configuration({ platform: 'win32', output: '/nowhere' }).nsis).toMatchObject({ perMachine: false })
})

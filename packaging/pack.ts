// Packs Roster for one platform: first the folder, which is checked, then the packages made of it.
// `node packaging/pack.ts --platform linux --arch x64 --output DIR [--electron DIR] [--feed URL] [--dir]`
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { archFromString, build, Platform } from 'electron-builder'
import { wrongWith } from './after-pack.ts'
import { configuration, type PackingOptions } from './electron-builder.config.ts'
import type { PackedPlatform } from './settings.ts'

export type PackedArch = 'x64' | 'arm64'

export const PACKAGES: Record<PackedPlatform, readonly string[]> = {
  linux: ['AppImage', 'deb'],
  darwin: ['dmg'],
  win32: ['nsis'],
}

const project = join(import.meta.dirname, '..')
const UNPACKED_NAMES: Record<PackedPlatform, string> = { linux: 'linux', darwin: 'mac', win32: 'win' }

/** The folder that packages are made of, as electron-builder names it. */
export function packedFolder(output: string, platform: PackedPlatform, arch: PackedArch): string {
  const name = `${UNPACKED_NAMES[platform]}${arch === 'x64' ? '' : `-${arch}`}`
  return join(output, platform === 'darwin' ? name : `${name}-unpacked`)
}

/** Packs the folder and returns its path. Throws when the result is not as it must be. */
export async function packFolder(options: PackingOptions, arch: PackedArch): Promise<string> {
  const { platform, output } = options
  const targets = Platform.fromString(platform).createTarget('dir', archFromString(arch))
  await build({ projectDir: project, targets, config: configuration(options), publish: 'never' })
  const folder = packedFolder(output, platform, arch)
  // Again, because names and icons were written into the program after its fuses were set.
  const wrong = await wrongWith(folder, platform, arch)
  if (wrong.length > 0) throw new Error(`The package in ${folder} is not as it must be:\n${wrong.join('\n')}`)
  return folder
}

/** Makes one package of a packed folder. Returns the files it made. */
async function wrap(options: PackingOptions, arch: PackedArch, folder: string, target: string): Promise<string[]> {
  const targets = Platform.fromString(options.platform).createTarget(target, archFromString(arch))
  const prepackaged = options.platform === 'darwin' ? join(folder, 'Roster.app') : folder
  return build({ projectDir: project, targets, prepackaged, config: configuration(options), publish: 'never' })
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      platform: { type: 'string', default: process.platform },
      arch: { type: 'string', default: process.arch },
      output: { type: 'string' },
      electron: { type: 'string' },
      feed: { type: 'string' },
      dir: { type: 'boolean', default: false },
    },
  })
  const { platform, arch, output, electron, feed, dir } = values
  if (platform !== 'linux' && platform !== 'darwin' && platform !== 'win32')
    throw new Error(`No packages for ${platform}.`)
  if (arch !== 'x64' && arch !== 'arm64') throw new Error(`No packages for ${arch}.`)
  if (output === undefined) throw new Error('--output says where packages are written.')
  return { options: { platform, output, electron, feed } satisfies PackingOptions, arch, dir } as const
}

function reasonOf(error: unknown): string {
  const words = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
  const isUnreached = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|fetch failed/.test(words)
  return isUnreached ? `the tools that make it are fetched from github.com, which was not reached (${words})` : words
}

if (import.meta.main) {
  const { options, arch, dir } = readOptions()
  const folder = await packFolder(options, arch)
  const made = [`${folder} (checked: contents, native module, fuses)`]
  const failed: string[] = []
  for (const target of dir ? [] : PACKAGES[options.platform]) {
    try {
      made.push(...(await wrap(options, arch, folder, target)))
    } catch (error) {
      failed.push(`${target} for ${arch}: ${reasonOf(error)}`)
    }
  }
  console.log(`\nMade:\n${made.map((file) => `  ${file}`).join('\n')}`)
  if (failed.length > 0) console.log(`Not made:\n${failed.map((why) => `  ${why}`).join('\n')}`)
  process.exit(failed.length > 0 ? 1 : 0)
}

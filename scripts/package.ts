// Packs Roster: installs what packing needs, builds, packs what this machine can, and says what it made and what it cannot.
import { parseArgs } from 'node:util'
import { buildIfNeeded } from './build.ts'
import { earlierFailure, electronProgram, fetchElectron } from './electron.ts'
import { endWithStarter, inProject, runTool } from './project.ts'
import { setUp } from './setup.mjs'

const HELP = `npm run package -- [options]

  --linux, --mac, --win   what to pack for (default: this platform)
  --x64, --arm64          which machines (default: this one)
  --dir                   only the folder that packages are made of
  --electron DIR          an unpacked Electron distribution to pack with, instead of the installed one
  --feed URL              an https address where packages look for updates (default: they never look)
  --output DIR            where packages are written (default: artifacts/packages)`

const PLATFORMS = { linux: 'linux', mac: 'darwin', win: 'win32' } as const

function readOptions() {
  const flag = { type: 'boolean', default: false } as const
  try {
    return parseArgs({
      options: {
        linux: flag,
        mac: flag,
        win: flag,
        x64: flag,
        arm64: flag,
        dir: flag,
        electron: { type: 'string' },
        feed: { type: 'string' },
        output: { type: 'string', default: inProject('artifacts', 'packages') },
        help: flag,
      },
    }).values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`)
    return process.exit(2)
  }
}

type Options = ReturnType<typeof readOptions>
type Platform = (typeof PLATFORMS)[keyof typeof PLATFORMS]

/** Why packages of a platform cannot be made on this one at all; null when they can. */
function whyNot(platform: Platform): string | null {
  if (platform === 'darwin' && process.platform !== 'darwin')
    return 'Disk images for macOS are made, signed and notarised on macOS alone. With --dir, the app itself can be packed here.'
  return null
}

/**
 * The Electron to pack with: `undefined` lets electron-builder fetch the one for another platform or machine. Null, and a
 * line that says why, where there is none.
 */
async function electronFor(platform: Platform, arch: string, chosen: Options): Promise<string | undefined | null> {
  if (chosen.electron !== undefined) return chosen.electron
  if (platform !== process.platform || arch !== process.arch) {
    console.log(`Electron for ${platform} ${arch} is fetched by electron-builder from github.com.`)
    return undefined
  }
  if (electronProgram()) return inProject('node_modules/electron/dist')
  const earlier = earlierFailure()
  const fetched = earlier === null ? await fetchElectron() : { failure: earlier }
  if ('program' in fetched) return inProject('node_modules/electron/dist')
  console.error(
    `Nothing can be packed here: there is no Electron binary, and it could not be fetched (${fetched.failure}). ` +
      'npm start -- --desktop tries again; --electron names one that was unpacked elsewhere.',
  )
  return null
}

async function packFor(platform: Platform, arch: string, chosen: Options): Promise<boolean> {
  const why = chosen.dir ? null : whyNot(platform)
  if (why !== null) console.error(why)
  const electron = why === null ? await electronFor(platform, arch, chosen) : null
  if (electron === null) return false
  const args = ['--platform', platform, '--arch', arch, '--output', chosen.output]
  if (electron !== undefined) args.push('--electron', electron)
  if (chosen.feed !== undefined) args.push('--feed', chosen.feed)
  if (chosen.dir) args.push('--dir')
  const { code } = await runTool('packaging/pack.ts', args, { show: true })
  return code === 0
}

endWithStarter()
const chosen = readOptions()
if (chosen.help) {
  console.log(HELP)
} else {
  if (chosen.feed !== undefined && URL.parse(chosen.feed)?.protocol !== 'https:') {
    console.error('--feed takes an https address: updates are programs.')
    process.exit(2)
  }
  setUp(inProject('packaging'), 'what packing needs')
  await buildIfNeeded()
  const named = (['linux', 'mac', 'win'] as const).filter((name) => chosen[name]).map((name) => PLATFORMS[name])
  const platforms = named.length > 0 ? named : [process.platform as Platform]
  const machines = (['x64', 'arm64'] as const).filter((name) => chosen[name])
  let isWhole = true
  for (const platform of platforms) {
    for (const arch of machines.length > 0 ? machines : [process.arch]) {
      isWhole = (await packFor(platform, arch, chosen)) && isWhole
    }
  }
  process.exit(isWhole ? 0 : 1)
}

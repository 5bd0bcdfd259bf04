// Runs after the files of a package are in place and before it is signed: sets the fuses, then looks at the result. What it
// throws stops the packing.
import { join } from 'node:path'
import { Arch, type AfterPackContext } from 'electron-builder'
import { lookInside } from './contents.ts'
import { setFuses, wrongFuses } from './fuses.ts'
import { EXECUTABLE, PRODUCT } from './settings.ts'

const lockfile = join(import.meta.dirname, '..', 'package-lock.json')

/** Where the program with the fuses lies in a packed folder, by Electron's name of the platform. */
export function programIn(folder: string, platform: string): string {
  if (platform === 'darwin') return join(folder, `${PRODUCT}.app`)
  return join(folder, platform === 'win32' ? `${PRODUCT}.exe` : EXECUTABLE)
}

export function resourcesIn(folder: string, platform: string): string {
  return platform === 'darwin' ? join(folder, `${PRODUCT}.app`, 'Contents', 'Resources') : join(folder, 'resources')
}

/** Everything that is wrong with a packed folder; empty when it may be handed out. `arch` is "x64" or "arm64". */
export async function wrongWith(folder: string, platform: string, arch: string): Promise<string[]> {
  const { wrong } = lookInside(resourcesIn(folder, platform), `${platform}-${arch}`, lockfile)
  return [...wrong, ...(await wrongFuses(programIn(folder, platform)))]
}

export async function setAndCheck({ appOutDir, electronPlatformName, arch }: AfterPackContext): Promise<void> {
  await setFuses(programIn(appOutDir, electronPlatformName))
  const wrong = await wrongWith(appOutDir, electronPlatformName, Arch[arch])
  if (wrong.length > 0) throw new Error(`The package in ${appOutDir} is not as it must be:\n${wrong.join('\n')}`)
}

// Makes folders that look like Electron's own distributions, so that packing can be tested where Electron cannot be fetched.
// The programs in them are not programs: they hold the fuse wire, and what electron-builder reads and rewrites.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { NtExecutable, NtExecutableResource, Resource } from 'resedit'
import type { PackedPlatform } from './settings.ts'

/** The mark by which @electron/fuses finds the wire: sentinel, version 1, the count, then one character a fuse. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
/** As Electron 45 ships: RunAsNode, NodeOptions, NodeCliInspect, GrantFileProtocol and WasmTrapHandlers on. */
export const SHIPPED_WIRE = '101100011'

/** A distribution for `platform` in `folder`; `wire` is one character a fuse, in the order of the fuses. */
export function makeElectron(folder: string, platform: PackedPlatform, wire: string = SHIPPED_WIRE): void {
  const program = Buffer.concat([
    Buffer.from(`made up for a test ${SENTINEL}`),
    Buffer.from([1, wire.length]),
    Buffer.from(wire),
  ])
  const write = (path: string, content: Buffer | string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content, { mode: 0o755 })
  }
  write('LICENSE', 'licence of Electron')
  write('LICENSES.chromium.html', 'licences of Chromium')
  if (platform === 'linux') {
    write('electron', program)
    mkdirSync(join(folder, 'resources'))
  } else if (platform === 'win32') {
    write('electron.exe', Buffer.concat([windowsProgram(), program]))
    mkdirSync(join(folder, 'resources'))
  } else {
    const contents = 'Electron.app/Contents'
    write(`${contents}/Info.plist`, plist('Electron'))
    write(`${contents}/MacOS/Electron`, 'starts the framework')
    write(`${contents}/Frameworks/Electron Framework.framework/Electron Framework`, program)
    for (const helper of [
      'Electron Helper',
      'Electron Helper (Renderer)',
      'Electron Helper (GPU)',
      'Electron Helper (Plugin)',
    ]) {
      write(`${contents}/Frameworks/${helper}.app/Contents/Info.plist`, plist(helper))
      write(`${contents}/Frameworks/${helper}.app/Contents/MacOS/${helper}`, 'helps')
    }
    mkdirSync(join(folder, contents, 'Resources'))
  }
}

/** An empty program with a version in it, which electron-builder replaces, in one language. */
function windowsProgram(): Buffer {
  const executable = NtExecutable.createEmpty(false, false)
  const resource = NtExecutableResource.from(executable)
  const version = Resource.VersionInfo.createEmpty()
  version.setStringValues({ lang: 1033, codepage: 1200 }, { ProductName: 'Electron' })
  version.outputToResourceEntries(resource.entries)
  resource.outputResource(executable)
  return Buffer.from(executable.generate())
}

function plist(name: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>CFBundleExecutable</key><string>${name}</string>
<key>CFBundleIdentifier</key><string>com.github.Electron</string>
<key>CFBundleName</key><string>${name}</string>
<key>NSAppTransportSecurity</key><dict/>
</dict></plist>
`
}

// How Roster is packed for every platform, for electron-builder.
import { join } from 'node:path'
import type { Configuration } from 'electron-builder'
import { setAndCheck } from './after-pack.ts'
import {
  APP_ID,
  BUILT_FILES,
  EXECUTABLE,
  filesFor,
  LINK_SCHEME,
  PRODUCT,
  SQLITE_EXTENSIONS,
  SQLITE_MIME_TYPES,
  UNPACKED,
  type PackedPlatform,
} from './settings.ts'

/**
 * Debian packages must name a maintainer and a page. Roster has no public address yet; `.invalid` can never be anybody's
 * (RFC 2606). To be replaced before packages are handed to others.
 */
const MAINTAINER = 'The Roster authors <maintainers@roster.invalid>'
const HOMEPAGE = 'https://roster.invalid/'

type Arch = 'x64' | 'arm64'
const ARCHS: Arch[] = ['x64', 'arm64']

const LICENCES = [
  ['LICENSE', 'LICENSE.electron.txt'],
  ['LICENSES.chromium.html', 'LICENSES.chromium.html'],
] as const

export interface PackingOptions {
  /** What is packed for, one at a time: the list of files depends on it. */
  platform: PackedPlatform
  /** The built files; the project's `out` unless told. */
  built?: string
  /** Where packages are written. */
  output: string
  /** An unpacked Electron distribution; without it, electron-builder fetches one. */
  electron?: string | undefined
  /** An https address where updates lie. Without it, packages never look for any. */
  feed?: string | undefined
}

export function configuration({ platform, built = 'out', output, electron, feed }: PackingOptions): Configuration {
  return {
    appId: APP_ID,
    productName: PRODUCT,
    copyright: 'Copyright © 2026 The Roster authors',
    directories: { output, buildResources: 'packaging/icons' },
    files: [{ from: built, to: 'out', filter: BUILT_FILES }, ...filesFor(platform)],
    asar: { smartUnpack: false },
    asarUnpack: UNPACKED,
    // better-sqlite3 brings Node-API prebuilds, whose binary interface is the same in Node and Electron (Node documentation,
    // "Node-API: Implications of ABI stability"); packing.test.ts looks that they use nothing else.
    npmRebuild: false,
    allowMissingDependencies: false,
    // Nothing is uploaded. A feed only tells the package where to look.
    publish: feed === undefined ? null : { provider: 'generic', url: feed },
    extraMetadata: { homepage: HOMEPAGE, author: 'The Roster authors', desktopName: `${EXECUTABLE}.desktop` },
    ...(electron === undefined ? {} : { electronDist: electron }),
    // Fuses are set here rather than through `electronFuses`, which knows only eight of the nine and does not look back.
    afterPack: setAndCheck,
    fileAssociations: [
      {
        ext: [...SQLITE_EXTENSIONS],
        name: 'SQLite database',
        description: 'SQLite database',
        role: 'Editor',
        // Other programs that open such files stay the first choice.
        rank: 'Alternate',
      },
    ],
    protocols: [{ name: 'Roster link', schemes: [LINK_SCHEME], role: 'Viewer' }],
    artifactName: '${productName}-${version}-${os}-${arch}.${ext}',
    linux: {
      target: [
        { target: 'AppImage', arch: ARCHS },
        { target: 'deb', arch: ARCHS },
      ],
      executableName: EXECUTABLE,
      icon: 'linux',
      category: 'Development;Database',
      mimeTypes: [...SQLITE_MIME_TYPES],
      maintainer: MAINTAINER,
      synopsis: 'Admin GUI for the databases behind an application’s users',
      syncDesktopName: true,
      desktop: { entry: { Keywords: 'SQLite;database;migrations;users;' } },
    },
    mac: {
      // macOS updates itself from a zip, not from a disk image.
      target: (feed === undefined ? ['dmg'] : ['dmg', 'zip']).map((target) => ({ target, arch: ARCHS })),
      icon: 'icon.icns',
      // Of a distribution that is given as a folder, electron-builder takes the app alone and leaves its licences behind.
      extraResources: electron === undefined ? [] : LICENCES.map(([from, to]) => ({ from: join(electron, from), to })),
      category: 'public.app-category.developer-tools',
      hardenedRuntime: true,
      entitlements: 'packaging/entitlements.mac.plist',
      entitlementsInherit: 'packaging/entitlements.mac.plist',
      // Notarising needs an account; it is asked for on the machine that has one.
      notarize: false,
    },
    win: {
      target: [{ target: 'nsis', arch: ARCHS }],
      icon: 'icon.ico',
    },
    nsis: {
      oneClick: true,
      perMachine: false,
      // Profiles and the sample belong to the person, not to the installation.
      deleteAppDataOnUninstall: false,
    },
  }
}

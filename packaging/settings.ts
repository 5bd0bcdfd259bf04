// What is true of every package of Roster, as plain data: names, files, fuses, file types and the link scheme. Nothing is
// imported here, so that tests can read it without the packages that pack.

/** Node's names of the platforms. */
export type PackedPlatform = 'linux' | 'darwin' | 'win32'

export const APP_ID = 'roster.desktop'
export const PRODUCT = 'Roster'
/** The program's file name on Linux, where capitals are unusual. */
export const EXECUTABLE = 'roster'

/** Must be the scheme that src/main/roster-link.ts reads. */
export const LINK_SCHEME = 'roster'

/** Without the dot. */
export const SQLITE_EXTENSIONS = ['db', 'sqlite', 'sqlite3'] as const
/** The registered name and the older one; desktops know SQLite files by their first bytes, so no pattern is registered. */
export const SQLITE_MIME_TYPES = ['application/vnd.sqlite3', 'application/x-sqlite3'] as const

/**
 * What goes into the archive beside the built files. Of node_modules, electron-builder takes the production dependencies and applies the patterns
 * that begin with `!`. Its own `${platform}` is the machine that packs, so the platform is given.
 */
export function filesFor(platform: PackedPlatform): string[] {
  return [
    'package.json',
    '!**/*.{map,ts,mts,cts,tsbuildinfo}',
    // Node itself, for `npm start`; Electron brings its own.
    '!**/node_modules/node-{linux,win,darwin}-{x64,arm64}{,/**}',
    // Only needed to compile better-sqlite3, which is never done.
    '!**/node_modules/node-addon-api{,/**}',
    '!**/node_modules/better-sqlite3/{deps,src}{,/**}',
    // The same of ssh2's native helper; and its program for the agent of PuTTY, which core/ssh never starts.
    '!**/node_modules/{cpu-features,nan,buildcheck}{,/**}',
    '!**/node_modules/ssh2/{util,test,examples,install.js}{,/**}',
    '!**/node_modules/ssh2/lib/protocol/crypto/{src,binding.gyp}{,/**}',
    // Sources of hash-wasm in C, and its bundles of single algorithms; its WebAssembly stands in the one that is loaded.
    '!**/node_modules/hash-wasm/{src,lib,.vscode,dist/lib}{,/**}',
    '!**/node_modules/hash-wasm/{biome.json,jest.config.js,rollup.config.mjs}',
    '!**/node_modules/hash-wasm/dist/!(index.umd).js',
    // Every prebuild but the one that fits. Electron runs on glibc alone, so never one for musl.
    `!**/node_modules/better-sqlite3/prebuilds/!(${platform}-\${arch}).node`,
  ]
}

/** Of the built files, what stays behind. */
export const BUILT_FILES = ['**/*', '!.built-from', '!**/*.map']

/** An archive cannot be a program: the system loads these from beside it. */
export const UNPACKED = ['**/*.node']

/**
 * Every fuse that Electron has, so that a new one makes packing stop until it was thought about. Names as in @electron/fuses.
 */
export const FUSES = {
  /** ELECTRON_RUN_AS_NODE would turn Roster into a Node that runs anything in Roster's name. */
  RunAsNode: false,
  EnableCookieEncryption: true,
  /** NODE_OPTIONS, NODE_EXTRA_CA_CERTS. */
  EnableNodeOptionsEnvironmentVariable: false,
  /** --inspect, SIGUSR1. */
  EnableNodeCliInspectArguments: false,
  /** macOS and Windows; Linux takes no notice. */
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  /** Needs a snapshot file of our own beside the program; without one, Electron would not start. */
  LoadBrowserProcessSpecificV8Snapshot: false,
  /** The page comes through its own scheme. */
  GrantFileProtocolExtraPrivileges: false,
  /** Electron's default: out-of-bounds access in WebAssembly is trapped by signals. Off only makes it slower. */
  WasmTrapHandlers: true,
} as const
export type FuseName = keyof typeof FUSES

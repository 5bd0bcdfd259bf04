// What the browser door was told on its command line.
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { defaultDataFolder } from '../core/data-folder.ts'

export interface Arguments {
  /** 0 takes a free one. */
  port: number
  dataFolder: string
  roots: string[]
}

/** Throws an error in plain words for an option that does not exist or cannot be read. */
export function readArguments(argv: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: { type: 'string' },
      'data-dir': { type: 'string' },
      root: { type: 'string', multiple: true },
    },
  })
  const port = Number(values.port ?? 0)
  if (!/^\d*$/.test(values.port ?? '') || port > 65_535) {
    throw new Error(`--port takes a number from 0 to 65535, not "${values.port}".`)
  }
  return {
    port,
    dataFolder: resolve(values['data-dir'] ?? defaultDataFolder()),
    roots: (values.root ?? []).map((root) => existing(resolve(root))),
  }
}

function existing(folder: string): string {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder
  throw new Error(`--root names a folder that is not there: ${folder}`)
}

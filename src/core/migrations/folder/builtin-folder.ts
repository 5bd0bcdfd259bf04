// The folder that Roster ships: its texts are read from the source, or stand in the bundle, which has no such files beside it.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { builtinSteps } from '../builtin.ts'
import type { StepFile } from '../step.ts'
import { checksumOf } from './checksum.ts'
import { keyOf } from './step-name.ts'

/** Texts by file name; put in by the build (electron.vite.config.ts). A package holds no TypeScript files. */
declare const BUILTIN_STEP_TEXTS: Readonly<Record<string, string>> | undefined

export async function readBuiltin(): Promise<StepFile[]> {
  return Promise.all(
    builtinSteps.map(async ({ name, summary, creates }) => {
      const text = await textOf(name)
      return {
        name,
        key: keyOf(name),
        kind: 'module' as const,
        files: [{ name, text }],
        checksum: checksumOf([text]),
        summary,
        ...(creates !== undefined && { creates }),
      }
    }),
  )
}

async function textOf(name: string): Promise<string> {
  if (typeof BUILTIN_STEP_TEXTS === 'undefined') {
    return readFile(join(import.meta.dirname, '../../../../migrations', name), 'utf8')
  }
  const text = BUILTIN_STEP_TEXTS[name]
  if (text === undefined) throw new Error(`The text of ${name} was not built in.`)
  return text
}

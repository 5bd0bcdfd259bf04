// A real folder for tests of migrations, and files in it.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'

export interface TestFolder {
  /** Real path of a folder of the test's own. */
  base: string
  /** `base`/migrations, which exists. */
  folder: string
  /** Writes files below `folder`, by path; "../lib/a.js" works too. */
  write(files: Record<string, string | Uint8Array>): void
}

/** Made anew for every test. */
export function testFolder(): TestFolder {
  const made: TestFolder = {
    base: '',
    folder: '',
    write(files) {
      for (const [name, content] of Object.entries(files)) {
        const path = join(made.folder, name)
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, content)
      }
    },
  }
  beforeEach(() => {
    made.base = realpathSync(mkdtempSync(join(tmpdir(), 'roster-folder-')))
    made.folder = join(made.base, 'migrations')
    mkdirSync(made.folder)
  })
  afterEach(() => rmSync(made.base, { recursive: true, force: true }))
  return made
}

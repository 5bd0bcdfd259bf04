// Folders of the measurements in the system's temp folder: removed when they are done, and when they are interrupted.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const left = new Set<string>()

function remove(folder: string): void {
  left.delete(folder)
  rmSync(folder, { recursive: true, force: true })
}
process.once('exit', () => left.forEach(remove))

export interface OwnFolder {
  path: string
  remove: () => void
}

export function ownFolder(): OwnFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'roster-grid-')))
  left.add(path)
  return { path, remove: () => remove(path) }
}

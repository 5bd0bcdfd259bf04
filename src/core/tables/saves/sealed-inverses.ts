// The inverses of saves on disk: one sealed file each, for they hold whole rows with password hashes in them.
import { mkdirSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { change, type Change } from '../../../shared/tables.ts'
import type { Host } from '../../host.ts'

export interface SealedInverses {
  /** False when nothing may be, or can be, stored here. */
  write(saveId: string, bytes: Uint8Array): Promise<boolean>
  /** Rejects when it cannot be opened, or is not what was stored. */
  read(saveId: string): Promise<Change[]>
  remove(saveId: string): void
}

const stored = z.array(change)

export const toBytes = (changes: readonly Change[]): Uint8Array => serialize(changes)

export const fromBytes = (bytes: Uint8Array): Change[] => stored.parse(deserialize(bytes))

export function sealedInverses({
  dataFolder,
  secrets,
  log,
}: Pick<Host, 'dataFolder' | 'secrets' | 'log'>): SealedInverses {
  const folder = join(dataFolder, 'saves')
  const fileOf = (saveId: string) => join(folder, `${saveId}.sealed`)
  return {
    async write(saveId, bytes) {
      try {
        if (!secrets || !(await secrets.isAvailable())) return false
        const sealed = await secrets.seal(Buffer.from(bytes).toString('base64'))
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        await writeFileAtomic(fileOf(saveId), Buffer.from(sealed), { mode: 0o600, fsync: true })
        return true
      } catch (error) {
        log('error', 'what takes a save back could not be stored', error)
        return false
      }
    },
    async read(saveId) {
      if (!secrets) throw new Error('There is no keychain.')
      return fromBytes(Buffer.from(await secrets.open(await readFile(fileOf(saveId))), 'base64'))
    },
    remove: (saveId) => rmSync(fileOf(saveId), { force: true }),
  }
}

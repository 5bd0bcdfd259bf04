// What pages have staged, on disk: one file in the data folder, sealed by the system's keychain and never otherwise.
import { existsSync, readFileSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { StandardRPCJsonSerializer } from '@orpc/client/standard'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { stagedTable, type StagedTable } from '../../shared/staged.ts'
import { serializers } from '../../shared/serializers.ts'
import { change as changeSchema, type Change } from '../../shared/tables.ts'
import { base64 } from '../base64.ts'
import type { Host, Secrets } from '../host.ts'

export interface SealedFile {
  /** What is stored, page by page; nothing when there is no file. `problem` says in words why a file could not be read. */
  read(): Promise<{ pages: StagedTable[][]; problem: string | null }>
  /** Replaces what is stored; no pages remove the file. False when nothing may be, or can be, stored here. */
  write(pages: readonly (readonly StagedTable[])[]): Promise<boolean>
}

/** Version 1 has everything in one text. In version 2 each change is a text of its own, made once for as long as it lasts. */
const whole = z.object({ version: z.literal(1), pages: z.array(z.array(stagedTable)) })
const serialized = z.object({ json: z.unknown(), meta: z.array(z.unknown()) })
const stored = z.object({
  version: z.literal(2),
  pages: z.array(z.array(z.object({ profileId: z.string(), table: z.string(), changes: z.array(serialized) }))),
})
type Serialized = Parameters<StandardRPCJsonSerializer['deserialize']>

/** The wire's own form: whole numbers of 64 bits, bytes, -0 and Infinity come back as they were. */
const serializer = new StandardRPCJsonSerializer({ customJsonSerializers: serializers(base64) })

export function sealedFile(host: Pick<Host, 'dataFolder' | 'secrets' | 'log'>): SealedFile {
  const file = join(host.dataFolder, 'staged.sealed')
  const { secrets } = host
  // A file that could not be read stays as it is: the keychain may be locked only today.
  let isUnread = false
  return {
    async read() {
      if (!secrets || !existsSync(file)) return { pages: [], problem: null }
      try {
        return { pages: await open(secrets, file), problem: null }
      } catch (error) {
        isUnread = true
        host.log('error', 'stored staged edits could not be read', error)
        return { pages: [], problem: `Staged edits of an earlier run could not be read. They are kept in ${file}.` }
      }
    },
    async write(pages) {
      if (!secrets) return false
      if (pages.length === 0) {
        if (!isUnread) await rm(file, { force: true })
        return true
      }
      try {
        if (!(await secrets.isAvailable())) return false
        const sealed = await secrets.seal(textOf(pages))
        if (isUnread) await rename(file, `${file}.unread-${new Date().toISOString().replaceAll(':', '-')}`)
        isUnread = false
        await writeFileAtomic(file, Buffer.from(sealed), { mode: 0o600, fsync: true })
        return true
      } catch (error) {
        host.log('error', 'staged edits could not be stored', error)
        return false
      }
    },
  }
}

const texts = new WeakMap<Change, string>()

/** With 20,000 changes staged, the one that is new is put into words and the others are copied. */
function textOf(pages: readonly (readonly StagedTable[])[]): string {
  const pageTexts = pages.map((tables) => {
    const tableTexts = tables.map(({ profileId, table, changes }) => {
      const names = `"profileId":${JSON.stringify(profileId)},"table":${JSON.stringify(table)}`
      return `{${names},"changes":[${changes.map(changeText).join(',')}]}`
    })
    return `[${tableTexts.join(',')}]`
  })
  return `{"version":2,"pages":[${pageTexts.join(',')}]}`
}

function changeText(change: Change): string {
  const known = texts.get(change)
  if (known !== undefined) return known
  const [json, meta] = serializer.serialize(change)
  const text = JSON.stringify({ json, meta })
  texts.set(change, text)
  return text
}

async function open(secrets: Secrets, file: string): Promise<StagedTable[][]> {
  const read: unknown = JSON.parse(await secrets.open(readFileSync(file)))
  if (Array.isArray(read)) {
    const [json, meta] = read as Serialized
    return whole.parse(serializer.deserialize(json, meta)).pages
  }
  return stored.parse(read).pages.map((tables) =>
    tables.map((table) => ({
      ...table,
      changes: table.changes.map(({ json, meta }) =>
        changeSchema.parse(serializer.deserialize(json, meta as Serialized[1])),
      ),
    })),
  )
}

// What people arranged for their tables: one small JSON file in the data folder, replaced as a whole and never half written.
import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { StandardRPCJsonSerializer } from '@orpc/client/standard'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { serializers } from '../../shared/serializers.ts'
import { tableSettings, type TableSettings } from '../../shared/table-settings.ts'
import { base64 } from '../base64.ts'
import type { Host } from '../host.ts'
import { Refusal } from '../refusal.ts'

export interface TableSettingsStore {
  /** Read anew from the disk, so that another window's settings are seen too. What cannot be read is as if there were none. */
  read(profileId: string, table: string): TableSettings
  /** What is not given stays as it is. Throws NOT_STORED when a newer Roster wrote the file, or when the disk takes nothing. */
  write(profileId: string, table: string, change: Partial<TableSettings>): Promise<TableSettings>
  forgetProfile(profileId: string): Promise<void>
  /** Resolves when everything is on the disk. */
  settle(): Promise<void>
}

const VERSION = 1
const entry = z.object({ profileId: z.string(), table: z.string(), settings: tableSettings })
type Entry = z.infer<typeof entry>
const stored = z.object({ version: z.literal(VERSION), tables: z.array(entry) })
const storedLater = z.looseObject({ version: z.int().min(VERSION + 1) })
/** The wire's own form: whole numbers of 64 bits and bytes in a filter come back as they were. */
const serializer = new StandardRPCJsonSerializer({ customJsonSerializers: serializers(base64) })

const none: TableSettings = { layout: null, filters: [] }
const isOf = (profileId: string, table: string) => (one: Entry) => one.profileId === profileId && one.table === table

export function openTableSettings(host: Pick<Host, 'dataFolder' | 'log'>): TableSettingsStore {
  const file = join(host.dataFolder, 'table-settings.json')
  let writing: Promise<unknown> = Promise.resolve()
  let told = ''

  function say(words: string, cause?: unknown): void {
    if (told !== words) host.log('error', words, cause)
    told = words
  }

  /** Null when a newer Roster wrote the file: it stays as it is. A broken one is set aside when something is to be stored. */
  function entries(isToStore: boolean): Entry[] | null {
    const found = readStored(file)
    if (found === 'later') {
      say(`The arrangement of tables in ${file} was written by a newer version of Roster. It is left as it is.`)
      return null
    }
    if (Array.isArray(found)) return found
    if (!isToStore) {
      say(
        `The arrangement of tables could not be read from ${file}. Tables are shown as if nothing was arranged.`,
        found,
      )
      return []
    }
    const aside = file.replace(/\.json$/, `.damaged-${new Date().toISOString().replaceAll(':', '-')}.json`)
    renameSync(file, aside)
    say(`The arrangement of tables could not be read. It was kept as ${aside}, and Roster started a new one.`, found)
    return []
  }

  /** One change at a time, each made to what is on the disk then. */
  function change(make: (before: Entry[]) => Entry[]): Promise<void> {
    const result = writing.then(async () => {
      try {
        const before = entries(true)
        if (!before) throw new Error('a newer version of Roster wrote it')
        const after = make(before)
        if (after === before) return
        const [json, meta] = serializer.serialize({ version: VERSION, tables: after })
        await writeFileAtomic(file, `${JSON.stringify({ json, meta }, null, 1)}\n`, { mode: 0o600, fsync: true })
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        throw new Refusal('NOT_STORED', `The arrangement of tables could not be stored in ${file} (${why}).`, {}, error)
      }
    })
    writing = result.catch(() => undefined)
    return result
  }

  const settingsOf = (profileId: string, table: string) =>
    entries(false)?.find(isOf(profileId, table))?.settings ?? none

  return {
    read: settingsOf,
    async write(profileId, table, { layout, filters }) {
      let settings = none
      await change((before) => {
        const old = before.find(isOf(profileId, table))
        settings = {
          layout: layout === undefined ? (old?.settings.layout ?? null) : layout,
          filters: filters ?? old?.settings.filters ?? [],
        }
        const changed = { profileId, table, settings }
        return old ? before.map((one) => (one === old ? changed : one)) : [...before, changed]
      })
      return settings
    },
    forgetProfile: (profileId) =>
      change((before) => {
        const after = before.filter((one) => one.profileId !== profileId)
        return after.length === before.length ? before : after
      }),
    async settle() {
      await writing
    },
  }
}

/** The entries, or why there are none. */
function readStored(file: string): Entry[] | 'later' | Error {
  try {
    const { json, meta } = z
      .object({ json: z.unknown(), meta: z.unknown() })
      .parse(JSON.parse(readFileSync(file, 'utf8')))
    const found = serializer.deserialize(json, meta as Parameters<StandardRPCJsonSerializer['deserialize']>[1])
    return storedLater.safeParse(found).success ? 'later' : stored.parse(found).tables
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    return error instanceof Error ? error : new Error(String(error))
  }
}

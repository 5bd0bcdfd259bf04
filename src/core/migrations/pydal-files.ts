// What PyDAL remembers of the tables that it made: files beside a SQLite file. They are listed by name, size and time, and never
// opened, because reading a pickle runs whatever is in it.
import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { OtherTool } from '../../shared/migration-steps.ts'

/** The MD5 of the address that the application opens, and the table. */
const RECORD = /^([0-9a-f]{32})_(.+)\.table$/

interface PydalRecord {
  path: string
  hash: string
  bytes: number
  at: Date
}

/** Null when there are none. The newest first, at most `limit` lines; folders that cannot be read hold none. */
export async function pydalFiles(file: string, limit: number): Promise<OtherTool | null> {
  const here = dirname(file)
  const found = [...(await recordsIn(here, '')), ...(await recordsIn(join(here, 'databases'), 'databases'))]
  const own = ofFile(file, found)
  if (own.length === 0) return null
  own.sort((a, b) => b.at.getTime() - a.at.getTime() || (a.path < b.path ? -1 : 1))
  return {
    tool: 'PyDAL',
    where: own[0]?.path ?? '',
    lines: own.slice(0, limit).map(({ path, bytes, at }) => `${path} · ${bytes} bytes · ${at.toISOString()}`),
    count: own.length,
  }
}

/** The table that a record is about, of the line or the path that shows it; null for any other text. */
export function pydalTable(path: string): string | null {
  return RECORD.exec(basename(path))?.[2] ?? null
}

/** Where the address is one that PyDAL is usually given, its hash tells which records are this file's; otherwise any may be. */
function ofFile(file: string, records: readonly PydalRecord[]): PydalRecord[] {
  const addresses = [basename(file), file].map((path) => `sqlite://${path}`)
  const hashes = addresses.map((address) => createHash('md5').update(address).digest('hex'))
  const own = records.filter(({ hash }) => hashes.includes(hash))
  return own.length > 0 ? own : [...records]
}

async function recordsIn(folder: string, shown: string): Promise<PydalRecord[]> {
  const names = await readdir(folder).catch(() => [])
  const records = names.map(async (name) => {
    const hash = RECORD.exec(name)?.[1]
    const about = hash === undefined ? null : await stat(join(folder, name)).catch(() => null)
    if (hash === undefined || !about?.isFile()) return []
    return [{ path: join(shown, name), hash, bytes: about.size, at: about.mtime }]
  })
  return (await Promise.all(records)).flat()
}

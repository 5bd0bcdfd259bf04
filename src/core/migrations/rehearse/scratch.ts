// The scratch schema on MySQL and MariaDB: its name, its mark, making and dropping it, and finding those that were left behind.
import { randomBytes } from 'node:crypto'
import { quote } from '../../db/mysql/literal.ts'
import { textOf, type Asked } from './parts.ts'

/** A table of it that says whose it is. Not among the tables that are compared. */
export const MARK = 'roster_rehearsal_mark'
const MIDDLE = '_roster_rehearsal_'
/** A schema's name has at most 64 characters. */
const LONGEST = 64
const RANDOM = 12

const startOf = (original: string) => [...original].slice(0, LONGEST - MIDDLE.length - RANDOM).join('') + MIDDLE

export function newScratchName(original: string): string {
  return startOf(original) + randomBytes(RANDOM / 2).toString('hex')
}

/** The login may not make schemas; `message` says what to grant. */
export class NoRight extends Error {
  override name = 'NoRight'
}

/**
 * Makes it, with the original's character set. A lock of the session under its name says, as long as the session lives, that
 * it is in use. Throws NoRight.
 */
export async function makeScratch(
  { ask }: Asked,
  { scratch, original, person }: { scratch: string; original: string; person: string },
): Promise<void> {
  const [lock = {}] = await ask('SELECT GET_LOCK(?, 0) AS got', [scratch])
  if (Number(lock.got) !== 1) throw new Error(`The lock ${scratch} was not given.`)
  const [about = {}] = await ask(
    `SELECT DEFAULT_CHARACTER_SET_NAME AS letters, DEFAULT_COLLATION_NAME AS collation, CURRENT_USER() AS user
     FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?`,
    [original],
  )
  try {
    await ask(
      `CREATE DATABASE ${quote(scratch)} CHARACTER SET ${textOf(about.letters)} COLLATE ${textOf(about.collation)}`,
    )
  } catch (error) {
    if ((error as { errno?: unknown }).errno !== 1044) throw error
    throw new NoRight(rightWords(textOf(about.user), original, scratch))
  }
  await ask(`CREATE TABLE ${quote(scratch)}.${MARK} (of_schema varchar(64) NOT NULL, person varchar(255) NOT NULL,
    started_at varchar(30) NOT NULL) ENGINE=InnoDB CHARACTER SET utf8mb4`)
  await ask(`INSERT INTO ${quote(scratch)}.${MARK} VALUES (?, ?, ?)`, [
    original,
    person.slice(0, 255),
    new Date().toISOString(),
  ])
}

function rightWords(user: string, original: string, scratch: string): string {
  const at = user.lastIndexOf('@')
  const account = `${text(user.slice(0, at))}@${text(user.slice(at + 1))}`
  // In GRANT a schema's name is a pattern.
  const pattern = `${startOf(original).replace(/[_%\\]/g, '\\$&')}%`
  return `The user ${user} may not make the schema ${scratch}, in which the steps are rehearsed. Nothing was changed. An administrator can allow it: GRANT ALL PRIVILEGES ON ${quote(pattern)}.* TO ${account};`
}

const text = (value: string) => `'${value.replace(/['\\]/g, '\\$&')}'`

export async function dropScratch({ ask }: Asked, scratch: string): Promise<void> {
  if (!/_roster_rehearsal_[0-9a-f]{12}$/.test(scratch)) throw new Error(`${scratch} is no scratch schema.`)
  await ask(`DROP DATABASE IF EXISTS ${quote(scratch)}`)
}

export interface Leftover {
  name: string
  /** Who rehearsed, and when it began; null when it has no mark. */
  by: string | null
  /** Roster's beyond doubt, of this schema, and its session is gone. */
  canGo: boolean
}

/** Scratch schemas of rehearsals that were killed. To be called with the lock of the migrations held. */
export async function findLeftovers({ ask }: Asked, original: string): Promise<Leftover[]> {
  const start = startOf(original)
  const schemas = await ask('SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA ORDER BY 1')
  const found: Leftover[] = []
  for (const name of schemas.map((row) => textOf(row.name))) {
    if (!name.startsWith(start) || !/^[0-9a-f]{12}$/.test(name.slice(start.length))) continue
    const [lock = {}] = await ask('SELECT IS_FREE_LOCK(?) AS free', [name])
    const mark = await readMark({ ask }, name)
    const isOurs = mark === 'empty' || (mark !== null && mark.of === original)
    const by = mark === null || mark === 'empty' ? null : mark.by
    found.push({ name, by, canGo: isOurs && Number(lock.free) === 1 })
  }
  return found
}

/** `empty`: killed before it was marked. Null: somebody else's, or it cannot be read. */
async function readMark({ ask }: Asked, name: string): Promise<{ of: string; by: string } | 'empty' | null> {
  const [tables = {}] = await ask(
    `SELECT COUNT(*) AS count, (SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?) AS routines
     FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?`,
    [name, name],
  )
  if (Number(tables.count) === 0 && Number(tables.routines) === 0) return 'empty'
  const rows = await ask(`SELECT of_schema, person, started_at FROM ${quote(name)}.${MARK}`).catch(() => null)
  if (rows === null) return null
  const [row] = rows
  // Killed between making the mark and filling it.
  if (!row) return Number(tables.count) === 1 ? 'empty' : null
  return { of: textOf(row.of_schema), by: `${textOf(row.person)} at ${textOf(row.started_at)}` }
}

// The changes that make users of one table so in another: new rows, and updates guarded by what is there. Nothing is written.
import { randomUUID } from 'node:crypto'
import type { Cell } from '../../shared/cell.ts'
import { encode, inWords, isForeign, spelled } from '../../shared/codecs.ts'
import type { Change } from '../../shared/tables.ts'
import type { KeptHashes } from '../kept-hashes.ts'
import { isSecretColumn, schemeOf } from '../password-schemes.ts'
import { pairColumns, shapesOf, type Pair } from './column-pairs.ts'
import { newestHashes, rowsByEmail, rowsByKey, type FoundUser } from './find-rows.ts'
import { hashGate } from './fitting-hash.ts'
import { LeftOut } from './left-out.ts'
import { canonOf } from './sense.ts'
import type { Side, SideColumn } from './side.ts'
import { translate, whyUnfit } from './translate.ts'

interface Copying {
  from: Side
  to: Side
  keptHashes: KeptHashes
}

interface Wanted {
  keys: readonly (readonly Cell[])[]
  /** Of `from`; null for all. */
  columns: readonly string[] | null
  withPasswords: boolean
}

interface Work extends Copying {
  /** Of the columns that are copied; `left` is of the side that is copied from. */
  pairs: readonly Pair[]
  left: LeftOut
  /** Why a hash would not be verified by the target. */
  whyNoHash: (hash: string) => string | null
}

export async function copyUsers(
  copying: Copying,
  { keys, columns, withPasswords }: Wanted,
  signal: AbortSignal,
): Promise<{ changes: Change[]; left: string[] }> {
  const { from, to } = copying
  const [, ...others] = pairColumns(from, to).pairs
  const pairs = others.filter(
    ({ left, leftOut, as }) =>
      leftOut === null && (columns === null || columns.includes(left.name)) && (as !== 'secret' || withPasswords),
  )
  const left = new LeftOut()
  const password = pairs.find(({ as }) => as === 'secret')
  const present = password ? await newestHashes(to, password.right.name, signal) : []
  const work: Work = { ...copying, pairs, left, whyNoHash: hashGate(from, to, present) }
  const { deletedAt } = from.user
  const isPaired = pairs.some((pair) => pair.left.name === deletedAt)
  const read = [from.user.email, ...(deletedAt && !isPaired ? [deletedAt] : []), ...pairs.map((pair) => pair.left.name)]
  const rows = await rowsByKey(from, keys, read, signal)
  const sources = usersIn(work, rows, deletedAt !== null && !isPaired)
  const found = await rowsByEmail(
    to,
    [...sources.keys()],
    pairs.map((pair) => pair.right.name),
    signal,
  )
  const taken = await takenIn(to, [...sources.keys()], found, signal)
  const changes: Change[] = []
  // The column's own comparison may find several for one, so each source looks for its own.
  for (const [email, cells] of sources) {
    const there = found.filter((user) => user.email === email)
    if (there.length > 1) left.row(email, `${to.name} has ${there.length} users with this email`)
    else {
      const change = there[0] ? updateOf(work, email, cells, there[0]) : insertOf(work, email, cells, taken.get(email))
      if (change) changes.push(change)
    }
  }
  noteZones(work, changes)
  return { changes, left: left.sentences() }
}

/** The cells of the pairs, by email. */
function usersIn(
  { from, to, left }: Work,
  rows: readonly (Cell[] | null)[],
  hasDeletedAt: boolean,
): Map<string, Cell[]> {
  const sources = new Map<string, Cell[]>()
  for (const row of rows) {
    const [email, ...cells] = row ?? []
    const deletedAt = hasDeletedAt ? cells.shift() : null
    if (!row) left.row('A user', `the row is no longer in ${from.name}`)
    else if (typeof email !== 'string') left.row('A user', 'the row has no email')
    else if (sources.has(email)) left.row(email, `${from.name} has it twice, and only the first is copied`)
    else if (deletedAt !== null && deletedAt !== undefined) {
      left.row(email, `the user is deleted for ${from.owner.words}, and ${to.name} has no column that says so`)
    } else sources.set(email, cells)
  }
  return sources
}

function updateOf(work: Work, email: string, cells: readonly Cell[], there: FoundUser): Change | null {
  const { from, to, pairs, left } = work
  const original: Record<string, Cell> = {}
  const values: Record<string, Cell> = {}
  pairs.forEach((pair, index) => {
    const [cell, present] = [cells[index] ?? null, there.cells[index] ?? null]
    const { name } = pair.right
    if (pair.right.isGenerated) return
    if (pair.as === 'secret') {
      const kept = cell === present ? null : keptOf(work, pair, email, cell)
      if (kept !== null) values[name] = kept
      return
    }
    const canon = canonOf(pair, { left: from.user, right: to.user })
    if (canon('left', cell) === canon('right', present)) return
    const { codec } = pair.right.found
    if (codec && isForeign(present, codec)) {
      const why = `${to.name} holds ${spelled(present)} there, and the column is written as ${inWords(codec)}`
      return left.cell(name, email, why)
    }
    const value = translate(from, to, pair, cell)
    if ('error' in value) return left.cell(name, email, value.error)
    if (value.value === null && !pair.right.isNullable) return left.cell(name, email, neverNull(to))
    original[name] = present
    values[name] = value.value
  })
  if (Object.keys(values).length === 0) return null
  return { kind: 'update', id: randomUUID(), key: there.key, original, values }
}

const neverNull = ({ name }: Side) => `it is NULL, which ${name} does not take`

function insertOf(work: Work, email: string, cells: readonly Cell[], taken: string | undefined): Change | null {
  const { from, to, pairs, left } = work
  const column = to.columns.find(({ name }) => name === to.user.email) as SideColumn
  const unfit = whyUnfit(to.database.dialect, column, email)
  if (unfit !== null) return nothing(left.row(email, `the email cannot be stored in ${to.name}: ${unfit}`))
  if (taken !== undefined) return nothing(left.row(email, `${to.name} takes it for the same as ${taken}`))
  const values: Record<string, Cell> = { [to.user.email]: email }
  pairs.forEach((pair, index) => {
    const cell = cells[index] ?? null
    const { name, isNullable, isGenerated } = pair.right
    if (isGenerated) return
    if (pair.as === 'secret') {
      const kept = keptOf(work, pair, email, cell)
      if (kept !== null) values[name] = kept
      return
    }
    const value = translate(from, to, pair, cell)
    if ('error' in value) left.cell(name, email, value.error)
    else if (value.value !== null || isNullable) values[name] = value.value
    else if (pair.right.default !== null) left.cell(name, email, `${neverNull(to)}, so its default is written`)
  })
  const { uniquifier } = to.user
  if (uniquifier) values[uniquifier] = randomUUID().replaceAll('-', '')
  letIn(work, values)
  const missing = missingIn(to, values)
  if (missing.length === 0) return { kind: 'insert', id: randomUUID(), values }
  return nothing(left.row(email, `${to.name} needs a value of ${missing.join(', ')}, and there is none to copy`))
}

const nothing = (_told: void): null => null

/**
 * Emails of which the target's unique index would say that it has them already, by the email it has. Its own comparison decides,
 * which may know no case, no accents and no two emoji apart; so each is asked for by itself, where there are such at all.
 */
async function takenIn(
  to: Side,
  emails: readonly string[],
  found: readonly FoundUser[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const taken = new Map<string, string>()
  const there = new Set(found.map(({ email }) => email))
  const isUnique = [to.shape.key, ...to.shape.unique].some((set) => set.length === 1 && set[0] === to.user.email)
  const missing = isUnique ? emails.filter((email) => !there.has(email)) : []
  // Hardly ever is there one, which one question tells.
  if ((await rowsByEmail(to, missing, [], signal)).length === 0) return taken
  for (const email of missing) {
    const [other] = await rowsByEmail(to, [email], [], signal)
    if (other) taken.set(email, other.email)
  }
  return taken
}

/** A table that knows no flag lets everybody in, and NULL would keep them out of the other. */
function letIn({ from, to, pairs, left }: Work, values: Record<string, Cell>): void {
  const { active } = to.user
  const column = to.columns.find(({ name }) => name === active)
  const isKnown = from.user.active !== null || from.user.gate !== null || pairs.some(({ right }) => right === column)
  if (!column || isKnown || column.default !== null || !column.found.codec) return
  const yes = encode({ kind: 'boolean', value: true }, column.found.codec)
  if ('error' in yes) return
  values[column.name] = yes.value
  left.note(`${column.name} of new users is true: ${from.name} has no such column, so all of them may log in there.`)
}

function missingIn({ columns, owner }: Side, values: Readonly<Record<string, Cell>>): string[] {
  const touched = new Set(owner.touches.map(({ column }) => column))
  return columns
    .filter(
      ({ name, isNullable, default: byDefault, isAutomatic, isGenerated }) =>
        !(isNullable || byDefault !== null || isAutomatic || isGenerated || touched.has(name) || name in values),
    )
    .map(({ name }) => name)
}

/** The text to stage for a hash, or null where it is not copied. */
function keptOf(work: Work, pair: Pair, email: string, cell: Cell): string | null {
  const { to, left, keptHashes, whyNoHash } = work
  const { name, isNullable } = pair.right
  if (!isSecretColumn(name)) {
    left.cell(
      name,
      email,
      `Roster does not know ${name} as a column of hashes, and would store a name in place of the hash`,
    )
    return null
  }
  if (cell === null) {
    if (isNullable) return keptHashes.keep('none', null)
    left.cell(name, email, neverNull(to))
    return null
  }
  const hash = typeof cell === 'string' ? cell : ''
  const why = whyNoHash(hash) ?? whyUnfit(to.database.dialect, pair.right, hash)
  if (why !== null) {
    left.cell(name, email, why)
    return null
  }
  left.note(
    `Hashes say nothing of what was mixed into them: in ${to.name} they are verified only with the secret that ${work.from.name} has (SECURITY_PASSWORD_SALT, the key of CRYPT), if there is one.`,
  )
  return keptHashes.keep(schemeOf(hash), hash)
}

/** Between a column with zones and one without, UTC is what both are taken for. */
function noteZones({ from, to, pairs, left }: Work, changes: readonly Change[]): void {
  for (const { left: one, right: other, as } of pairs) {
    if (as !== 'moment') continue
    const zoned = (column: SideColumn) => shapesOf(column).some(({ zone }) => zone !== 'none')
    const isWritten = changes.some((change) => change.kind !== 'delete' && (change.values[other.name] ?? null) !== null)
    if (!isWritten || zoned(one) === zoned(other)) continue
    left.note(
      zoned(one)
        ? `${other.name} of ${to.name} holds no time zone: instants are written as they are in UTC.`
        : `${one.name} of ${from.name} holds no time zone: it is taken for UTC in ${to.name}.`,
    )
  }
}

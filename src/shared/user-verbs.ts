// What is done to a user, as values of a row in the spelling of the table's owner. Nothing here reads or writes anything.
import type { Cell } from './cell.ts'
import { decode, encode, inWords, isForeign, nowIn, spelled } from './codecs.ts'
import { gateState } from './gate.ts'
import type { Column, TableDescription } from './tables.ts'

export const userVerbs = ['activate', 'deactivate', 'confirm', 'unconfirm', 'sign-out'] as const
export type UserVerb = (typeof userVerbs)[number]

/** What differs from row to row and from time to time; given, so that the same call gives the same values. */
export interface Chance {
  /** This moment, ISO with milliseconds and Z. */
  now: string
  /** 32 hexadecimal digits, as uuid4 in hex. */
  uuid: () => string
}

/** `values` are written; `already`: the row is so, nothing is written; `why`: it cannot be done to this row, in words. */
export type VerbResult = { values: Record<string, Cell> } | { already: string } | { why: string }

/** What a row holds now, staged values before stored ones; undefined for what was not read. */
export type Present = (column: string) => Cell | undefined

type About = Pick<TableDescription, 'columns' | 'owner'>

const columnNamed = ({ columns }: About, name: string | null): Column | undefined =>
  name === null ? undefined : columns.find((column) => column.name === name)

/** Columns that a verb reads or writes; empty where the table has none for it. */
export function columnsOfVerb(verb: UserVerb, { owner }: About): string[] {
  const user = owner?.user
  if (!user) return []
  const names: Record<UserVerb, (string | null | undefined)[]> = {
    activate: [user.active, user.gate?.column],
    deactivate: [user.active, user.gate?.column],
    confirm: [user.confirmedAt, user.gate?.column],
    unconfirm: [user.confirmedAt],
    'sign-out': [user.uniquifier],
  }
  return names[verb].filter((name): name is string => typeof name === 'string')
}

const LACKING: Record<UserVerb, string> = {
  activate: 'This table has no column that says who may log in.',
  deactivate: 'This table has no column that says who may log in.',
  confirm: 'This table has no column that says when an address was confirmed.',
  unconfirm: 'This table has no column that says when an address was confirmed.',
  'sign-out': 'This table has no fs_uniquifier, so its sessions cannot be ended from here.',
}

/** Why the table cannot do it at all, or null. */
export const whyNoVerb = (verb: UserVerb, about: About): string | null =>
  columnsOfVerb(verb, about).length === 0 ? LACKING[verb] : null

/** What a verb makes of one row. */
export function applyVerb(verb: UserVerb, about: About, present: Present, chance: Chance): VerbResult {
  const user = about.owner?.user
  const lacking = whyNoVerb(verb, about)
  if (!user || lacking !== null) return { why: lacking ?? LACKING[verb] }
  switch (verb) {
    case 'activate':
    case 'deactivate':
      return letIn(about, present, verb === 'activate')
    case 'confirm':
    case 'unconfirm':
      return confirmed(about, present, verb === 'confirm' ? chance.now : null)
    case 'sign-out':
      return { values: { [user.uniquifier as string]: chance.uuid() } }
  }
}

/** Both where a table has both: a flag, and a text that keeps out. */
function letIn(about: About, present: Present, isIn: boolean): VerbResult {
  const { active, gate } = about.owner?.user ?? { active: null, gate: null }
  const values: Record<string, Cell> = {}
  const flag = columnNamed(about, active)
  if (flag) {
    const set = written(flag, present, (codec) => encode({ kind: 'boolean', value: isIn }, codec))
    if ('why' in set) return set
    if ('value' in set) values[flag.name] = set.value
  }
  if (gate) {
    const now = present(gate.column)
    const state = now === undefined ? null : gateState(gate, now)
    if (isIn && state !== null && state !== 'open') values[gate.column] = ''
    if (!isIn && state !== 'blocked') values[gate.column] = gate.blocked[0] ?? ''
  }
  if (Object.keys(values).length > 0) return { values }
  return { already: isIn ? 'active already' : 'inactive already' }
}

function confirmed(about: About, present: Present, now: string | null): VerbResult {
  const { confirmedAt, gate } = about.owner?.user ?? { confirmedAt: null, gate: null }
  const at = columnNamed(about, confirmedAt)
  const values: Record<string, Cell> = {}
  if (at) {
    const isConfirmed = (present(at.name) ?? null) !== null
    if (now === null) return isConfirmed ? emptied(at) : { already: 'unconfirmed already' }
    if (!isConfirmed) {
      const value = at.codec && nowIn(at.codec, now)
      if (value === null) return { why: undecided(at) }
      values[at.name] = value
    }
  }
  const held = gate ? present(gate.column) : null
  if (gate && now !== null && typeof held === 'string') {
    const state = gateState(gate, held)
    if (state === 'pending') values[gate.column] = ''
    if (state === 'blocked' && !at)
      return { why: `${gate.column} holds ${spelled(held)}, which confirming does not take away. Activate does.` }
  }
  return Object.keys(values).length > 0 ? { values } : { already: 'confirmed already' }
}

function emptied(column: Column): VerbResult {
  if (!column.isNullable) return { why: `${column.name} is NOT NULL, so a confirmation cannot be taken away.` }
  return { values: { [column.name]: null } }
}

const undecided = ({ name }: Column) =>
  `${name} is written in several ways, or its values were not read yet. Choose how ${name} is written.`

/** A value in the column's own encoding, unless the row holds it already or holds something foreign. */
function written(
  column: Column,
  present: Present,
  make: (codec: NonNullable<Column['codec']>) => ReturnType<typeof encode>,
): { value: Cell } | { why: string } | { already: true } {
  const { codec, name } = column
  if (!codec) return { why: undecided(column) }
  const now = present(name)
  if (now !== undefined && decode(now, codec).kind === 'foreign') {
    return { why: `${name} holds ${spelled(now)}, but the column is written as ${inWords(codec)}. Repair it first.` }
  }
  const made = make(codec)
  if ('error' in made) return { why: made.error }
  const isSame =
    now !== undefined &&
    now !== null &&
    JSON.stringify(decode(now, codec)) === JSON.stringify(decode(made.value, codec))
  return isSame ? { already: true } : { value: made.value }
}

/**
 * What a new user begins with: may log in, and a key for its sessions. SQLAlchemy's and PyDAL's own defaults live in Python, so
 * the database would leave `active` NULL.
 */
export function newUserValues(about: About, chance: Chance): Record<string, Cell> {
  const user = about.owner?.user
  if (!user) return {}
  const values: Record<string, Cell> = {}
  const flag = columnNamed(about, user.active)
  const yes = flag?.codec && encode({ kind: 'boolean', value: true }, flag.codec)
  if (flag && yes && 'value' in yes) values[flag.name] = yes.value
  if (user.uniquifier !== null) values[user.uniquifier] = chance.uuid()
  return values
}

/** Of these a copy would be wrong or dangerous: secrets of a second factor, tokens, what a user did, who the user is elsewhere. */
const OWN =
  /^(tf|us|mf|fs)_|token|confirm|verif|(^|_)(reset|registration|sso|api|secret|totp)(_|$)|last_(?!name$)|current_login|login_count|past_passwords/i

/** Columns of a row that a duplicate takes; the others are the new user's own. */
export function columnsToDuplicate({
  columns,
  unique,
  key,
  owner,
}: Pick<TableDescription, 'columns' | 'unique' | 'key' | 'owner'>): string[] {
  const user = owner?.user
  const own = new Set([
    ...key,
    ...unique.flat(),
    ...(owner?.touches.map(({ column }) => column) ?? []),
    ...[
      user?.email,
      user?.username,
      user?.uniquifier,
      user?.password,
      user?.confirmedAt,
      user?.deletedAt,
      user?.createdAt,
      user?.gate?.column,
    ],
  ])
  return columns.flatMap(({ name, isAutomatic, isGenerated, isSecret }) =>
    isAutomatic || isGenerated || isSecret || own.has(name) || OWN.test(name) ? [] : [name],
  )
}

/** A value that is not written as the column's owner writes is repaired where it is, and not made twice. */
function isOwners(column: Column | undefined, value: Cell): boolean {
  const { codec = null, encoding = null } = column ?? {}
  if (codec) return !isForeign(value, codec)
  return value === null || encoding === null || encoding.basis === 'chosen'
}

/** A duplicate: what can be copied of a row, over what a new user begins with. */
export function duplicateValues(
  description: Pick<TableDescription, 'columns' | 'unique' | 'key' | 'owner'>,
  present: Present,
  chance: Chance,
): Record<string, Cell> {
  const copied = columnsToDuplicate(description).flatMap((name) => {
    const value = present(name)
    return value === undefined || !isOwners(columnNamed(description, name), value) ? [] : [[name, value] as const]
  })
  return { ...newUserValues(description, chance), ...Object.fromEntries(copied) }
}

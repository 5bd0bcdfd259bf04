// Which column of one table is which of the other: by their names, else by what they mean to their owners.
import type { Codec } from '../../shared/codecs.ts'
import type { UserColumns } from '../../shared/owners.ts'
import type { Side, SideColumn } from './side.ts'

/**
 * What values of the two columns are compared as. `access`: a flag on one side and a gate (`UserColumns.gate`) on the other.
 * `stored`: there is no encoding that both have, so what is stored is compared.
 */
export type ComparedAs = 'boolean' | 'moment' | 'secret' | 'gate' | 'access' | 'stored'

export interface Pair {
  left: SideColumn
  right: SideColumn
  isByMeaning: boolean
  as: ComparedAs
  /** Why its values are neither compared nor copied; null where they are. */
  leftOut: string | null
}

export interface Paired {
  pairs: Pair[]
  onlyLeft: SideColumn[]
  onlyRight: SideColumn[]
}

const ROLES = [
  'username',
  'password',
  'active',
  'confirmedAt',
  'uniquifier',
  'deletedAt',
  'createdAt',
] as const satisfies (keyof UserColumns)[]

/** The email first, whatever it is called; the others in the order of the left table. */
export function pairColumns(left: Side, right: Side): Paired {
  const pairs: Pair[] = []
  const open = { left: new Set(left.columns), right: new Set(right.columns) }
  const find = (side: 'left' | 'right', name: string | null | undefined) =>
    [...open[side]].find((column) => column.name === name) ??
    [...open[side]].find((column) => column.name.toLowerCase() === name?.toLowerCase())
  const pair = (one: SideColumn | undefined, other: SideColumn | undefined) => {
    if (!one || !other) return
    open.left.delete(one)
    open.right.delete(other)
    const isByMeaning = one.name.toLowerCase() !== other.name.toLowerCase()
    const around = { left, right, one, other }
    pairs.push({ left: one, right: other, isByMeaning, as: comparedAs(around), leftOut: whyLeftOut(around) })
  }
  pair(find('left', left.user.email), find('right', right.user.email))
  for (const column of left.columns) if (open.left.has(column)) pair(column, find('right', column.name))
  for (const role of ROLES) pair(find('left', left.user[role]), find('right', right.user[role]))
  const gates = { left: find('left', left.user.gate?.column), right: find('right', right.user.gate?.column) }
  pair(gates.left, gates.right)
  // One application keeps a user out by a flag, the other by a word.
  pair(find('left', left.user.active), find('right', right.user.gate?.column))
  pair(find('left', left.user.gate?.column), find('right', right.user.active))
  const place = (column: SideColumn) => left.columns.indexOf(column)
  const [email, ...rest] = pairs
  rest.sort((a, b) => place(a.left) - place(b.left))
  return { pairs: email ? [email, ...rest] : [], onlyLeft: [...open.left], onlyRight: [...open.right] }
}

interface Around {
  left: Side
  right: Side
  one: SideColumn
  other: SideColumn
}

const isGate = ({ user }: Side, { name }: SideColumn) => user.gate?.column === name
const isFlag = ({ user }: Side, { name }: SideColumn) => user.active === name

function comparedAs({ left, right, one, other }: Around): ComparedAs {
  if (one.isSecret || other.isSecret) return 'secret'
  if (isGate(left, one) && isGate(right, other)) return 'gate'
  if ((isFlag(left, one) && isGate(right, other)) || (isGate(left, one) && isFlag(right, other))) return 'access'
  const both = (kind: Codec['kind']) => [one, other].every((column) => column.codecs.some((each) => each.kind === kind))
  return both('boolean') ? 'boolean' : both('moment') ? 'moment' : 'stored'
}

function whyLeftOut({ left, right, one, other }: Around): string | null {
  // What the two are joined by, also where it is the key itself.
  if (one.name === left.user.email) return null
  for (const [side, column] of [
    [left, one],
    [right, other],
  ] as const) {
    const why = whyOwn(side, column)
    if (why !== null) return why
  }
  return null
}

/** Of one side alone. */
export function whyOwn({ name, shape, user, owner }: Side, column: SideColumn): string | null {
  if (shape.key.includes(column.name)) return `It is the key of ${name}.`
  if (column.isReference) return `It points to rows of ${name} by their keys.`
  if (user.uniquifier === column.name) return 'It names the sessions of a user and is never copied.'
  const touch = owner.touches.find((each) => each.column === column.name)
  return touch ? touch.words : null
}

/** How exactly moments of two columns can be compared: as far as both hold them. */
export interface Grain {
  of: 'date' | 'datetime' | 'time'
  hasSeconds: boolean
  /** Digits after the second, 6 at most. */
  digits: number
  /** One of them says an instant; a value without a zone is then taken for UTC. */
  isInstant: boolean
}

export function grainOf(pair: Pick<Pair, 'left' | 'right'>): Grain {
  const [left, right] = [shapesOf(pair.left), shapesOf(pair.right)]
  const all = [...left, ...right]
  const kinds = new Set(all.map(({ of }) => of))
  const most = (shapes: typeof all) => Math.max(...shapes.map(({ fraction }) => fraction.digits))
  return {
    of: kinds.has('date') ? 'date' : kinds.has('datetime') ? 'datetime' : 'time',
    hasSeconds: [left, right].every((shapes) => shapes.some(({ hasSeconds }) => hasSeconds)),
    digits: Math.min(6, most(left), most(right)),
    isInstant: all.some(({ zone }) => zone !== 'none'),
  }
}

type MomentCodec = Extract<Codec, { kind: 'moment' }>

export function shapesOf(column: Pick<SideColumn, 'codecs'>): MomentCodec['shape'][] {
  return column.codecs.filter((codec): codec is MomentCodec => codec.kind === 'moment').map(({ shape }) => shape)
}

// Demo users: made-up people, the same for the same number, with every value written as SQLAlchemy writes it.
import type { Cell } from '../../shared/cell.ts'
import { FIRST_NAMES, LAST_NAMES, PLACES } from './demo-names.ts'
import { DEMO_PASSWORDS } from './demo-passwords.ts'

/** The columns of a demo row, in its order. The id is left to the database. */
export const DEMO_COLUMNS = ['email', 'password', 'active', 'fs_uniquifier', 'confirmed_at'] as const

/** People there are; a row number is below it. */
export const DEMO_LIMIT = FIRST_NAMES.length * LAST_NAMES.length * PLACES.length

/** Shares of a thousand. */
const NO_PASSWORD = 100
const NOT_ACTIVE = 60
const ACTIVE_UNKNOWN = 20
const NOT_CONFIRMED = 80
const CAPITALISED = 30

/** Shares no factor with the number of people, so that stepping by it meets everyone once before anyone twice. */
const STRIDE = 611_953

const FIRST_DAY = Date.UTC(2016, 0, 1)
const DAYS = 3900

/** How an engine takes the two values of a boolean column. */
export interface DemoWriting {
  yes: Cell
  no: Cell
}

/** As SQLite and MySQL have them. */
export const NUMBERS: DemoWriting = { yes: 1n, no: 0n }

/** The row of a number from 0 to DEMO_LIMIT - 1: always the same, with an email and an fs_uniquifier that no other has. */
export function demoRow(number: number, writing = NUMBERS): Cell[] {
  const chance = mix(number ^ 0x5bd1e995)
  const password = DEMO_PASSWORDS[mix(number ^ 0x3c6ef372) % DEMO_PASSWORDS.length] ?? null
  return [
    emailOf(number, chance),
    share(chance, 1) < NO_PASSWORD ? null : password,
    activeOf(share(chance, 2), writing),
    uniquifierOf(number),
    share(chance, 3) < NOT_CONFIRMED ? null : timeOf(number),
  ]
}

export function demoRows(from: number, to: number, writing = NUMBERS): Cell[][] {
  const rows: Cell[][] = []
  for (let number = from; number < to; number++) rows.push(demoRow(number, writing))
  return rows
}

function emailOf(number: number, chance: number): string {
  let person = (number * STRIDE + 77_777) % DEMO_LIMIT
  const place = PLACES[person % PLACES.length]
  person = Math.floor(person / PLACES.length)
  let first = FIRST_NAMES[person % FIRST_NAMES.length] ?? ''
  let last = LAST_NAMES[Math.floor(person / FIRST_NAMES.length)] ?? ''
  if (!place) return ''
  if (share(chance, 4) < CAPITALISED) {
    first = capital(first)
    last = capital(last)
  }
  switch (place.style) {
    case 'first.last':
      return `${first}.${last}@${place.domain}`
    case 'first_last':
      return `${first}_${last}@${place.domain}`
    case 'first-last':
      return `${first}-${last}@${place.domain}`
    case 'last.first':
      return `${last}.${first}@${place.domain}`
    case 'first.last.n':
      return `${first}.${last}${two(chance % 100)}@${place.domain}`
  }
}

/** True is what nearly everyone is; a few are unknown, which is a third state and not false. */
function activeOf(part: number, { yes, no }: DemoWriting): Cell {
  if (part < NOT_ACTIVE) return no
  return part < NOT_ACTIVE + ACTIVE_UNKNOWN ? null : yes
}

/** 32 hex digits with the marks of a random UUID (version 4), as `uuid4().hex` gives. */
function uniquifierOf(number: number): string {
  // The first eight digits alone are never the same twice: `mix` maps different numbers to different numbers.
  const a = hex(mix(number))
  const b = hex(mix(number ^ 0x9e3779b9))
  const c = hex(mix(number ^ 0x7f4a7c15))
  const d = hex(mix(number ^ 0x94d049bb))
  const variant = '89ab'.charAt(number & 3)
  return `${a}${b.slice(0, 4)}4${b.slice(5)}${variant}${c.slice(1)}${d}`
}

/** Microseconds always in six digits. */
function timeOf(number: number): string {
  const a = mix(number ^ 0x2545f491)
  const b = mix(number ^ 0x165667b1)
  const second = b % 86_400
  const micro = String(mix(number ^ 0x27d4eb2f) % 1_000_000).padStart(6, '0')
  return `${dayTexts()[a % DAYS] ?? ''} ${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}.${micro}`
}

let days: string[] | undefined

/** The text of each day, made once: a million dates are cheap then. */
function dayTexts(): string[] {
  days ??= Array.from({ length: DAYS }, (_, day) => new Date(FIRST_DAY + day * 86_400_000).toISOString().slice(0, 10))
  return days
}

/** Scatters a 32-bit number; different numbers stay different. */
function mix(number: number): number {
  let x = (number + 0x6d2b79f5) | 0
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return (x ^ (x >>> 15)) >>> 0
}

/** One of several parts of a thousand that one number gives. */
function share(chance: number, part: number): number {
  return mix(chance + part) % 1000
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0')
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number)
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}

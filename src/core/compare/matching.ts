// Finds the partners among the rows of two tables as they come, in any order: of each row its email, its key and
// fingerprints of its values are held, never the values.
import type { Cell } from '../../shared/cell.ts'
import type { Comparison, UserPair } from '../../shared/compare.ts'
import { fingerprinter, LANES } from './fingerprint.ts'
import { KeyList } from './key-list.ts'

export type SideName = 'left' | 'right'
export type Kind = 'same' | 'differs' | 'onlyLeft' | 'onlyRight' | 'unpaired'

/** Emails of one stretch of memory. */
const STRETCH = 65_536

/** How often an email was met on one side: never, once, more often. */
type Times = 0 | 1 | 2

export class Matching {
  readonly #places = new Map<string, number>()
  readonly #times = { left: [] as Uint8Array[], right: [] as Uint8Array[] }
  readonly #keys = { left: new KeyList(), right: new KeyList() }
  /** Fingerprints of the side that came first; then 1 for each column that differs, and 0 for each that does not. */
  readonly #prints: Uint32Array[] = []
  readonly #width: number
  readonly #print = fingerprinter()
  readonly #own: Uint32Array
  readonly #rows: Record<Kind, number> = { same: 0, differs: 0, onlyLeft: 0, onlyRight: 0, unpaired: 0 }
  readonly unpaired = { left: 0, right: 0 }

  /** `columns`: how many are compared. */
  constructor(columns: number) {
    this.#width = columns * LANES
    this.#own = new Uint32Array(this.#width)
  }

  get counts(): Comparison['counts'] {
    const { same, differs, onlyLeft, onlyRight } = this.#rows
    return { same, differs, onlyLeft, onlyRight }
  }

  /** `canon(n)`: the text of what the nth compared column means. */
  add(side: SideName, email: string | null, key: readonly Cell[], canon: (column: number) => string): void {
    if (email === null) {
      this.unpaired[side] += 1
      return
    }
    const place = this.#placeOf(email)
    const before = this.#kindAt(place)
    const times = this.#timesAt(side, place)
    // Neither of two rows of one email is the partner of anything, nor is what would have been.
    if (times > 0) {
      if (before !== null && before !== 'unpaired') this.#lose(place)
      this.unpaired[side] += 1
      this.#setTimes(side, place, 2)
      this.#count(before, 'unpaired')
      return
    }
    this.#setTimes(side, place, 1)
    this.#keys[side].set(place, key)
    if (before === 'unpaired') {
      this.unpaired[side] += 1
      return
    }
    this.#compare(place, before === null, canon)
    this.#count(before, this.#kindAt(place))
  }

  /** The rows of an email that is met again were counted as something else before. */
  #lose(place: number): void {
    for (const side of ['left', 'right'] as const) if (this.#timesAt(side, place) > 0) this.unpaired[side] += 1
  }

  #compare(place: number, isFirst: boolean, canon: (column: number) => string): void {
    const prints = this.#prints[Math.floor(place / STRETCH)] as Uint32Array
    const start = (place % STRETCH) * this.#width
    if (isFirst) {
      for (let at = 0; at < this.#width; at += LANES) this.#print(canon(at / LANES), prints, start + at)
      return
    }
    for (let at = 0; at < this.#width; at += LANES) {
      this.#print(canon(at / LANES), this.#own, at)
      const isSame = this.#own[at] === prints[start + at] && this.#own[at + 1] === prints[start + at + 1]
      prints[start + at] = isSame ? 0 : 1
    }
  }

  #placeOf(email: string): number {
    const known = this.#places.get(email)
    if (known !== undefined) return known
    const place = this.#places.size
    this.#places.set(email, place)
    if (place % STRETCH === 0) {
      this.#times.left.push(new Uint8Array(STRETCH))
      this.#times.right.push(new Uint8Array(STRETCH))
      this.#prints.push(new Uint32Array(STRETCH * this.#width))
    }
    return place
  }

  #timesAt(side: SideName, place: number): Times {
    return (this.#times[side][Math.floor(place / STRETCH)]?.[place % STRETCH] ?? 0) as Times
  }

  #setTimes(side: SideName, place: number, times: Times): void {
    const stretch = this.#times[side][Math.floor(place / STRETCH)]
    if (stretch) stretch[place % STRETCH] = times
  }

  /** Null for an email of which no row was met yet. */
  #kindAt(place: number): Kind | null {
    const [left, right] = [this.#timesAt('left', place), this.#timesAt('right', place)]
    if (left > 1 || right > 1) return 'unpaired'
    if (left && right) return this.#differing(place).length > 0 ? 'differs' : 'same'
    return left ? 'onlyLeft' : right ? 'onlyRight' : null
  }

  #count(before: Kind | null, after: Kind | null): void {
    if (before) this.#rows[before] -= 1
    if (after) this.#rows[after] += 1
  }

  /** Numbers of the columns that differ, of an email that is on both sides once. */
  #differing(place: number): number[] {
    const prints = this.#prints[Math.floor(place / STRETCH)] as Uint32Array
    const start = (place % STRETCH) * this.#width
    const found: number[] = []
    for (let at = 0; at < this.#width; at += LANES) if (prints[start + at] === 1) found.push(at / LANES)
    return found
  }

  /** Whether a row of this side has exactly this email. */
  has(side: SideName, email: string): boolean {
    const place = this.#places.get(email)
    return place !== undefined && this.#timesAt(side, place) > 0
  }

  /** Every email with what was found of it, in no order. */
  *emails(): Generator<{ email: string; place: number; kind: Kind }, void> {
    for (const [email, place] of this.#places) {
      const kind = this.#kindAt(place)
      if (kind) yield { email, place, kind }
    }
  }

  /** `names`: of the compared columns. */
  pairAt(email: string, place: number, names: readonly string[]): UserPair {
    const key = (side: SideName) => (this.#timesAt(side, place) === 1 ? this.#keys[side].get(place) : null)
    const [left, right] = [key('left'), key('right')]
    const differs = left && right ? this.#differing(place).map((column) => names[column] ?? '') : []
    return { email, left, right, differs, alike: null }
  }
}

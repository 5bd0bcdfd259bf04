// The keys of very many rows, by number: 8 bytes for each while they are whole numbers, as nearly all keys are.
import type { Cell } from '../../shared/cell.ts'

const STRETCH = 65_536

export class KeyList {
  readonly #numbers: BigInt64Array[] = []
  /** Every other key: of several columns, texts, numbers beyond 64 bits with a sign. */
  readonly #others = new Map<number, readonly Cell[]>()

  set(place: number, key: readonly Cell[]): void {
    const [only] = key
    if (key.length !== 1 || typeof only !== 'bigint' || BigInt.asIntN(64, only) !== only) {
      this.#others.set(place, key)
      return
    }
    const stretch = Math.floor(place / STRETCH)
    const numbers = (this.#numbers[stretch] ??= new BigInt64Array(STRETCH))
    numbers[place % STRETCH] = only
  }

  /** Of a place that was set. */
  get(place: number): Cell[] {
    const other = this.#others.get(place)
    if (other) return [...other]
    return [this.#numbers[Math.floor(place / STRETCH)]?.[place % STRETCH] ?? null]
  }
}

// The lines in sight: known to the few who show them, so that scrolling draws nothing else anew.

export interface Seen {
  /** From 0, new rows included; the last one included. */
  first: number
  last: number
}

export class SeenRows {
  #seen: Seen = { first: 0, last: 0 }
  #listeners = new Set<() => void>()

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  read = (): Seen => this.#seen

  set(first: number, last: number): void {
    if (first === this.#seen.first && last === this.#seen.last) return
    this.#seen = { first, last }
    this.#listeners.forEach((listener) => listener())
  }
}

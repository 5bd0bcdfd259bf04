// Where a person has been in a database, as a browser keeps pages: back and forward, each with what was seen there.
import type { Section } from './place.ts'

export interface Visit<Mark> {
  section: Section
  /** What was shown there when it was left; null where nothing is kept. */
  mark: Mark | null
}

/** Visits kept. */
const MOST = 100

export class Visits<Mark> {
  #visits: Visit<Mark>[] = []
  #at = -1

  get here(): Visit<Mark> | null {
    return this.#visits[this.#at] ?? null
  }

  can(step: -1 | 1): boolean {
    return this.#visits[this.#at + step] !== undefined
  }

  /** Goes on from here: what was forward of it is forgotten. `mark`: of the place that is left. */
  go(section: Section, mark: Mark | null): void {
    this.#leave(mark)
    this.#visits = [...this.#visits.slice(0, this.#at + 1), { section, mark: null }].slice(-MOST)
    this.#at = this.#visits.length - 1
  }

  /** The same place in another view of it (a tab): no visit of its own. */
  turn(section: Section): void {
    if (this.here) this.#visits[this.#at] = { ...this.here, section }
  }

  /** Back (-1) or forward (1); null when there is nothing there. `mark`: of the place that is left. */
  step(step: -1 | 1, mark: Mark | null): Visit<Mark> | null {
    if (!this.can(step)) return null
    this.#leave(mark)
    this.#at += step
    return this.here
  }

  #leave(mark: Mark | null): void {
    const { here } = this
    if (here) this.#visits[this.#at] = { ...here, mark }
  }
}

// Email domains counted over all parts, in memory that is bounded however many there are.

/** Domains that are kept at most; the rarest half is let go beyond. */
const MOST_KEPT = 20_000
/** Domains that are shown. */
const SHOWN = 20

/**
 * Exact while no part of the table has more domains than are told of a part, and the table no more than MOST_KEPT. Beyond that a
 * domain's number may be too low by the rows it had when it was let go: at most as many as the commonest of those let go.
 */
export class MergedDomains {
  #kept = new Map<string, number>()

  add(domain: string, rows: number): void {
    this.#kept.set(domain, (this.#kept.get(domain) ?? 0) + rows)
    if (this.#kept.size <= MOST_KEPT) return
    this.#kept = new Map(this.#sorted().slice(0, MOST_KEPT / 2))
  }

  #sorted(): [string, number][] {
    return [...this.#kept].sort(([a, rows], [b, others]) => others - rows || (a < b ? -1 : 1))
  }

  /** The commonest. */
  shown(): { label: string; rows: number }[] {
    return this.#sorted()
      .slice(0, SHOWN)
      .map(([label, rows]) => ({ label, rows }))
  }
}

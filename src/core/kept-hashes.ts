// New password hashes between hashing and saving: in memory, by the text that a page stages in their place.
import { randomUUID } from 'node:crypto'
import { keptHash, schemeOfKept } from '../shared/kept-hash.ts'

/** Hashes that are kept at most; the oldest go first. A save takes 20,000 changes. */
const MOST = 40_000

export class KeptHashes {
  readonly #hashes = new Map<string, string | null>()

  /** `hash` null: no password (NULL), which is staged as scheme "none". Answers with the text to stage. */
  keep(scheme: string, hash: string | null): string {
    const text = keptHash(scheme, randomUUID())
    this.#hashes.set(text, hash)
    for (const oldest of this.#hashes.keys()) {
      if (this.#hashes.size <= MOST) break
      this.#hashes.delete(oldest)
    }
    return text
  }

  /** Undefined when it is not kept (any more): the host was started again, or it names no hash at all. */
  find(text: string): string | null | undefined {
    return schemeOfKept(text) === null ? undefined : this.#hashes.get(text)
  }
}

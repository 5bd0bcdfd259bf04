// Of all that was compared the users that are listed: the first ones by email of each kind, and who may be meant on the other side.
import { MOST_LISTED, type Comparison, type UserPair } from '../../shared/compare.ts'
import type { Kind, Matching, SideName } from './matching.ts'

export type Listed = Record<'differs' | 'onlyLeft' | 'onlyRight', UserPair[]>

/** Emails that are looked through before other work has its turn. */
const AT_ONCE = 20_000

/** `names`: of the compared columns, as the left table has them. */
export async function listPairs(
  matching: Matching,
  names: readonly string[],
  signal: AbortSignal,
): Promise<{ listed: Listed; alike: Comparison['alike'] }> {
  const first = { differs: new FirstByEmail(), onlyLeft: new FirstByEmail(), onlyRight: new FirstByEmail() }
  const alike = { left: 0, right: 0 }
  const alikes = await alikesOf(matching, signal)
  await throughAll(matching, signal, ({ email, place, kind }) => {
    if (!isListed(kind)) return
    first[kind].add(email, place)
    const other = OTHER_SIDE[kind]
    if (other && alikes(other, email) !== null) alike[other === 'right' ? 'left' : 'right'] += 1
  })
  const listOf = (kind: keyof Listed) => {
    const other = OTHER_SIDE[kind]
    return first[kind].list().map(({ email, place }) => ({
      ...matching.pairAt(email, place, names),
      alike: other && alikes(other, email),
    }))
  }
  return {
    listed: { differs: listOf('differs'), onlyLeft: listOf('onlyLeft'), onlyRight: listOf('onlyRight') },
    alike,
  }
}

const OTHER_SIDE: Record<keyof Listed, SideName | null> = { differs: null, onlyLeft: 'right', onlyRight: 'left' }

const isListed = (kind: Kind): kind is keyof Listed => kind in OTHER_SIDE

type Found = { email: string; place: number; kind: Kind }

async function throughAll(matching: Matching, signal: AbortSignal, each: (found: Found) => void): Promise<void> {
  let looked = 0
  for (const found of matching.emails()) {
    each(found)
    if (++looked % AT_ONCE !== 0) continue
    await new Promise((resolve) => setImmediate(resolve))
    signal.throwIfAborted()
  }
}

/** The same text for emails that people and applications may take for one. */
const alikeText = (email: string) => email.normalize('NFKC').replace(/\s+/gu, '').toLowerCase()

/** Answers with an email of a side that is alike and not the same. Held are only those that are not spelled like that already. */
async function alikesOf(matching: Matching, signal: AbortSignal) {
  const odd = { left: new Map<string, string>(), right: new Map<string, string>() }
  await throughAll(matching, signal, ({ email }) => {
    const text = alikeText(email)
    if (text === email) return
    for (const side of ['left', 'right'] as const) if (matching.has(side, email)) odd[side].set(text, email)
  })
  return (side: SideName, email: string): string | null => {
    const text = alikeText(email)
    if (text !== email && matching.has(side, text)) return text
    return odd[side].get(text) ?? null
  }
}

/** Only those that may be listed are sorted: the first ones by email so far, and cut again when there are many more. */
class FirstByEmail {
  #found: { email: string; place: number }[] = []

  add(email: string, place: number): void {
    this.#found.push({ email, place })
    if (this.#found.length >= 4 * MOST_LISTED) this.#cut()
  }

  #cut(): void {
    this.#found.sort((a, b) => (a.email < b.email ? -1 : a.email > b.email ? 1 : 0))
    this.#found.length = Math.min(this.#found.length, MOST_LISTED)
  }

  list(): { email: string; place: number }[] {
    this.#cut()
    return this.#found
  }
}

// Whether the page can reach its host just now, published to the screens.

/**
 * - `connecting`: the first connection of this page is being made.
 * - `open`: calls are answered.
 * - `lost`: the connection dropped; it is being made again, and `nextTryAt` says when.
 * - `refused`: the host does not know this session. Nothing is tried again until a fresh link is opened.
 */
export type LinkState = {
  state: 'connecting' | 'open' | 'lost' | 'refused'
  /** Failed tries since the connection was last open. */
  attempt: number
  /** Milliseconds since 1970; null while a try is running or none is planned. */
  nextTryAt: number | null
  /** What happened and what to do, for people; empty while open. */
  message: string
}

let current: LinkState = { state: 'connecting', attempt: 0, nextTryAt: null, message: 'Connecting to Roster.' }
const listeners = new Set<() => void>()

/** The same object until something changes. */
export function linkState(): LinkState {
  return current
}

export function onLinkState(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export function setLinkState(next: LinkState): void {
  current = next
  for (const listener of [...listeners]) listener()
}

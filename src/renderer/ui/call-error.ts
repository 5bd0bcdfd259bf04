// Any error of a call in words for people, with what to do next.
import { ORPCError } from '@orpc/client'
import { isLinkLost } from '../link/link-lost.ts'

export interface ErrorWords {
  /** What happened. */
  message: string
  /** What to do next; empty when there is nothing to say. */
  hint: string
  /** The declared code, or 'LINK_LOST' or 'UNKNOWN'. */
  code: string
  /** The reason of DATABASE_UNAVAILABLE, else null. */
  reason: string | null
}

/** True when someone stopped the call on purpose: nothing to tell. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

export function wordsOf(error: unknown): ErrorWords {
  if (isLinkLost(error)) {
    return { code: 'LINK_LOST', reason: null, message: error.message, hint: 'It is tried again when Roster answers.' }
  }
  // The host masks what it did not expect; the whole error is in its log.
  if (error instanceof ORPCError && error.defined) {
    return { code: error.code, reason: textIn(error.data, 'reason'), message: error.message, hint: textIn(error.data, 'hint') ?? '' }
  }
  const detail = error instanceof Error && !(error instanceof ORPCError) ? error.message : ''
  return {
    code: 'UNKNOWN',
    reason: null,
    message: detail ? `Unexpected error: ${detail}` : 'Roster met an error it did not expect.',
    hint: detail ? '' : 'The whole error is in the log file in the data folder.',
  }
}

function textIn(data: unknown, name: string): string | null {
  if (typeof data !== 'object' || data === null || !(name in data)) return null
  const value: unknown = (data as Record<string, unknown>)[name]
  return typeof value === 'string' ? value : null
}

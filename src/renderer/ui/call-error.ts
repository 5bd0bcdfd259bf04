// Any error of a call in words for people, with what to do next.
import { ORPCError } from '@orpc/client'
import { isLinkLost } from '../link/link-lost.ts'

export interface ErrorWords {
  /** What happened. */
  message: string
  /** What to do next; empty when there is nothing to say. */
  hint: string
  /** The host's code, or 'LINK_LOST' or 'UNKNOWN'. */
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
  if (isFromHost(error)) {
    const { code, message, data } = error
    return { code, reason: textIn(data, 'reason'), message, hint: textIn(data, 'hint') ?? '' }
  }
  const detail = error instanceof Error ? error.message : String(error)
  return { code: 'UNKNOWN', reason: null, message: `Unexpected error: ${detail}`, hint: '' }
}

function isFromHost(error: unknown): error is ORPCError<string, unknown> {
  return error instanceof ORPCError
}

function textIn(data: unknown, name: string): string | null {
  if (typeof data !== 'object' || data === null || !(name in data)) return null
  const value: unknown = (data as Record<string, unknown>)[name]
  return typeof value === 'string' ? value : null
}

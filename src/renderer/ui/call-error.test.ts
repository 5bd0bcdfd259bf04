// Each kind of error becomes words a person can act on.
import { ORPCError } from '@orpc/client'
import { expect, test } from 'vitest'
import { LinkLost } from '../link/link-lost.ts'
import { isAbort, wordsOf } from './call-error.ts'

test('a declared error keeps its message, reason and hint', () => {
  const data = { reason: 'locked', hint: 'Close the other program.' }
  const error = new ORPCError('DATABASE_UNAVAILABLE', { message: 'The file is locked.', data })
  expect(wordsOf(error)).toEqual({
    code: 'DATABASE_UNAVAILABLE',
    reason: 'locked',
    message: 'The file is locked.',
    hint: 'Close the other program.',
  })
})

test('data of another shape is left out', () => {
  for (const data of [undefined, null, 'text', { reason: 5, hint: null }]) {
    expect(wordsOf(new ORPCError('X', { message: 'No.', data }))).toMatchObject({ reason: null, hint: '' })
  }
})

test('a lost link and an unexpected error say so', () => {
  expect(wordsOf(new LinkLost('Lost.')).code).toBe('LINK_LOST')
  expect(wordsOf(new TypeError('x is not a function')).message).toBe('Unexpected error: x is not a function')
  expect(wordsOf('text').message).toBe('Unexpected error: text')
})

test('only a stop on purpose is an abort', () => {
  expect(isAbort(new DOMException('stop', 'AbortError'))).toBe(true)
  expect(isAbort(new Error('AbortError'))).toBe(false)
})

// How steps are named in a sentence.
import { expect, it } from 'vitest'
import { someOf } from './run-words.ts'

it('names up to five steps, and of more the last five', () => {
  expect(someOf(['1', '2'])).toBe('1, 2')
  expect(someOf(['1', '2', '3', '4', '5'])).toBe('1, 2, 3, 4, 5')
  expect(someOf(['1', '2', '3', '4', '5', '6'])).toBe('2, 3, 4, 5, 6 and 1 other step')
})

// The words after a run.
import { expect, test } from 'vitest'
import { resultWords } from './result-words.ts'

test('a good run says how long it took, any other only what happened', () => {
  const message = '3 steps applied as batch 1.'
  expect(resultWords({ outcome: 'done', message, failedStep: null, ms: 41 })).toBe(`${message} It took 41 ms.`)
  expect(resultWords({ outcome: 'done', message, failedStep: null, ms: null })).toBe(message)
  expect(resultWords({ outcome: 'failed', message: '1.ts failed.', failedStep: '1.ts', ms: 41 })).toBe('1.ts failed.')
})

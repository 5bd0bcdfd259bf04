// What is said of a folder that is not trusted.
import { expect, test } from 'vitest'
import { changeWords, trustWords } from './trust-words.ts'

const file = (change: 'new' | 'changed' | 'removed' | 'same') => ({ name: change, change })

test('each kind of change is counted', () => {
  expect(changeWords([file('changed'), file('changed'), file('new'), file('removed'), file('same')])).toBe(
    '2 files changed, 1 file was added, 1 file was removed',
  )
})

test('only a folder that may not run has something to say', () => {
  expect(trustWords({ trust: 'trusted', files: [] })).toBe('')
  expect(trustWords({ trust: 'built-in', files: [] })).toBe('')
  expect(trustWords({ trust: 'new', files: [file('new')] })).toMatch(/^This folder is not trusted yet\./)
  expect(trustWords({ trust: 'changed', files: [file('changed')] })).toMatch(/^1 file changed since/)
})

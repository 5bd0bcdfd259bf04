import { expect, it } from 'vitest'
import { quitQuestion } from './quit-question.ts'

const nothing = { edits: 0, tables: 0, isStored: false, running: [] }

it('asks nothing when nothing is at stake', () => {
  expect(quitQuestion(nothing)).toBeNull()
})

it('says how much is staged and what becomes of it', () => {
  const kept = quitQuestion({ ...nothing, edits: 1200, tables: 2, isStored: true })
  expect(kept?.message).toBe('Quit Roster with 1,200 staged edits in 2 tables?')
  expect(kept?.detail).toContain('stages them again at the next start')
  const lost = quitQuestion({ ...nothing, edits: 1, tables: 1 })
  expect(lost?.message).toBe('Quit Roster with 1 staged edit in 1 table?')
  expect(lost?.detail).toContain('will be lost: this system has no keychain')
})

it('names what is under way', () => {
  const run = quitQuestion({ ...nothing, running: ['migrations', 'demo-users'] })
  expect(run?.message).toBe('Quit Roster while migrations run and demo users are added?')
  expect(run?.detail).toContain('rolled back')
  const both = quitQuestion({ edits: 2, tables: 1, isStored: true, running: ['migrations'] })
  expect(both?.message).toContain('2 staged edits')
  expect(both?.detail).toContain('The migration run under way is rolled back.')
})

// What is said of a table that was compared with what a step would make.
import { expect, test } from 'vitest'
import type { Adoption } from '../../../shared/migration-steps.ts'
import { comparedWords, sortedFindings } from './adopt-words.ts'

type Verdict = Adoption['findings'][number]['verdict']

const adoption = (isCompatible: boolean, ...verdicts: Verdict[]): Adoption => ({
  name: '001.ts',
  table: 'auth_user',
  isCompatible,
  findings: verdicts.map((verdict, index) => ({ what: `${index}`, verdict, text: '' })),
  owner: null,
  closing: null,
})

test('a table that fits is said to fit, with the number of harmless differences', () => {
  expect(comparedWords(adoption(true, 'same'))).toBe(
    'auth_user can be adopted: nothing that the step needs is missing. There is no difference.',
  )
  expect(comparedWords(adoption(true, 'same', 'compatible'))).toMatch(/1 finding to look at first\.$/)
})

test('what stands in the way is counted', () => {
  expect(comparedWords(adoption(false, 'missing', 'missing', 'incompatible', 'same'))).toBe(
    'auth_user does not fit what the step would make: 2 missing, 1 incompatible. It cannot be adopted as it is.',
  )
})

test('what stands in the way is read first, in the order of the host', () => {
  const { findings } = adoption(false, 'same', 'compatible', 'missing', 'incompatible', 'missing')
  expect(sortedFindings(findings).map(({ what }) => what)).toEqual(['3', '2', '4', '1', '0'])
})

// The difference of two texts: both texts can be made from it again, it is the shortest, and it is quick.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diffCounts, diffParts } from './diff-parts.ts'
import { lineDiff, linesOf } from './line-diff.ts'

const signs = { same: ' ', removed: '-', added: '+' }
const shown = (before: string[], after: string[]) => lineDiff(before, after).map(({ kind, text }) => signs[kind] + text)

test('what is equal stays, removed lines stand before added ones', () => {
  expect(shown(['a', 'b', 'c', 'd'], ['a', 'x', 'y', 'c', 'd', 'e'])).toEqual([
    ' a',
    '-b',
    '+x',
    '+y',
    ' c',
    ' d',
    '+e',
  ])
  expect(shown([], ['a'])).toEqual(['+a'])
  expect(shown(['a'], [])).toEqual(['-a'])
  expect(shown([], [])).toEqual([])
})

test('each line has its number in its own text', () => {
  const numbers = lineDiff(['a', 'b', 'c'], ['a', 'x', 'c']).map(({ before, after }) => [before, after])
  expect(numbers).toEqual([
    [1, 1],
    [2, null],
    [null, 2],
    [3, 3],
  ])
})

test('an end of lines of another system is no difference, and the last line break makes no line', () => {
  expect(linesOf('a\r\nb\r\n')).toEqual(['a', 'b'])
  expect(linesOf('a\n\n')).toEqual(['a', ''])
  expect(linesOf('')).toEqual([])
})

const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })

test('any two texts can be made again from their difference, and nothing shorter says it', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = lineDiff(before, after)
      const of = (kind: string) => lines.filter((line) => line.kind === 'same' || line.kind === kind)
      expect(of('removed').map((line) => line.text)).toEqual(before)
      expect(of('added').map((line) => line.text)).toEqual(after)
      expect(of('removed').map((line) => line.before)).toEqual(before.map((_, index) => index + 1))
      expect(of('added').map((line) => line.after)).toEqual(after.map((_, index) => index + 1))
      const { added, removed } = diffCounts(lines)
      expect(before.length - removed).toBe(longestCommon(before, after))
      expect(after.length - added).toBe(longestCommon(before, after))
    }),
    { seed: 5, numRuns: 2000 },
  )
})

/** The plain definition, to compare with. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  const known = new Map<string, number>()
  const length = (i: number, j: number): number => {
    if (i === a.length || j === b.length) return 0
    const key = `${i},${j}`
    const before = known.get(key)
    if (before !== undefined) return before
    const value = a[i] === b[j] ? 1 + length(i + 1, j + 1) : Math.max(length(i + 1, j), length(i, j + 1))
    known.set(key, value)
    return value
  }
  return length(0, 0)
}

test('5,000 lines that differ everywhere take less than two seconds', () => {
  const before = Array.from({ length: 5000 }, (_, index) =>
    index % 3 === 0 ? `only before ${index}` : `both ${index}`,
  )
  const after = Array.from({ length: 5000 }, (_, index) => (index % 3 === 0 ? `only after ${index}` : `both ${index}`))
  const started = performance.now()
  const { added, removed } = diffCounts(lineDiff(before, after))
  expect(performance.now() - started).toBeLessThan(2000)
  expect([added, removed]).toEqual([1667, 1667])
})

test('texts too long to compare line by line are told as a whole, with their common beginning and end', () => {
  const lines = (word: string) => ['first', ...Array.from({ length: 7000 }, (_, index) => `${word} ${index}`), 'last']
  const diff = lineDiff(lines('before'), lines('after'))
  expect(diffCounts(diff)).toEqual({ added: 7000, removed: 7000 })
  expect(diff[0]!.kind).toBe('same')
  expect(diff.at(-1)!.kind).toBe('same')
})

test('long runs of equal lines are folded, short ones are not, and none is lost', () => {
  const before = Array.from({ length: 40 }, (_, index) => `line ${index}`)
  const after = before.map((line, index) => (index === 20 || index === 28 ? 'changed' : line))
  const lines = lineDiff(before, after)
  const parts = diffParts(lines)
  expect(parts.map(({ isFolded, lines }) => [isFolded, lines.length])).toEqual([
    [true, 17],
    [false, 17],
    [true, 8],
  ])
  expect(parts.flatMap((part) => part.lines)).toEqual(lines)
})

test('equal texts are one folded part', () => {
  expect(diffParts(lineDiff(['a', 'b', 'c'], ['a', 'b', 'c'])).map(({ isFolded }) => isFolded)).toEqual([true])
})

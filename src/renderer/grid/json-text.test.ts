// JSON as text: what is JSON is told as JSON.parse tells it, and laid out without a letter of it changed.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonProblem, laidOut, problemInWords } from './json-text.ts'

const runs = { numRuns: import.meta.env.VERIFY === 'full' ? 20_000 : 300, seed: 3 }

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Without the space between its parts. */
function dense(text: string): string {
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, quoted: string | undefined) => quoted ?? '')
}

describe('is it JSON', () => {
  test('the same answer as JSON.parse, for JSON and for what is nearly JSON', () => {
    const letters = fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"', '1', '-', '01', '1.5e3', '.5', 'true', 'nul', 'null', ' ', '\n', '\\', '"\\u00e9"', '"\\x"', '"\t"', '\u00a0') // prettier-ignore
    const near = fc.array(letters, { maxLength: 12 }).map((parts) => parts.join(''))
    const text = fc.oneof(fc.json(), fc.json().map((json) => json.slice(1)), near) // prettier-ignore
    fc.assert(
      fc.property(text, (json) => void expect(jsonProblem(json) === null).toBe(isJson(json))),
      runs,
    )
  })

  test.each([
    ['{"a": 1,\n "b" 2}', 'Line 2, column 6: A colon is expected here, not 2.'],
    ['[1, 2', 'Line 1, column 6: A comma or ] is missing at the end.'],
    ['', 'Line 1, column 1: A value is missing at the end.'],
    ['{"a": 01}', 'Line 1, column 7: 01} is no number of JSON.'],
    ['[1] x', 'Line 1, column 5: x cannot stand here.'],
    ['[1] 2', 'Line 1, column 5: Nothing more is expected here, not 2.'],
  ])('%j is told where it is wrong', (text, words) => {
    const problem = jsonProblem(text)
    expect(problem && problemInWords(text, problem)).toBe(words)
  })
})

describe('laid out', () => {
  test('only space is another: big numbers and keys that stand twice stay', () => {
    const text = '{"n":12345678901234567890.10,"n":[1e400,{}, [ ]],"s":"a  b\\u00e9"}'
    expect(laidOut(text)).toEqual({
      text: [
        '{',
        '  "n": 12345678901234567890.10,',
        '  "n": [',
        '    1e400,',
        '    {},',
        '    []',
        '  ],',
        '  "s": "a  b\\u00e9"',
        '}',
      ].join('\n'),
    })
  })

  test('any JSON keeps its letters, and a second time changes nothing', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const once = laidOut(json)
        if ('problem' in once) throw new Error(once.problem.words)
        expect(dense(once.text)).toBe(dense(json))
        expect(laidOut(once.text)).toEqual(once)
      }),
      runs,
    )
  })

  test('what is not JSON is refused', () => expect(laidOut('{a: 1}')).toHaveProperty('problem'))
})

// A text that went through a text field keeps its line breaks.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lineBreaksOf, withLineBreaks } from './line-breaks.ts'

/** What HTML does to the value of a text area. */
const throughField = (text: string) => text.replace(/\r\n|\r/g, '\n')

test('a text with one kind of line breaks comes back as it was', () => {
  const line = fc.string().map((text) => text.replace(/[\r\n]/g, ''))
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), fc.constantFrom('\n', '\r\n', '\r'), (lines, sign) => {
      const text = lines.join(sign)
      expect(withLineBreaks(throughField(text), lineBreaksOf(text))).toBe(text)
    }),
  )
})

test('mixed line breaks are told apart', () => {
  expect(['a', 'a\nb', 'a\r\nb', 'a\rb', 'a\nb\r\nc', 'a\r\n\rb'].map(lineBreaksOf)).toEqual([
    'LF',
    'LF',
    'CRLF',
    'CR',
    'mixed',
    'mixed',
  ])
})

// What cannot be seen is shown by a sign, and nothing else is.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { partsOf, withSigns } from './unseen.ts'

test.each([
  ['trailing@example.com ', 'trailing@example.com␣'],
  ['  two', '␣␣two'],
  [' ', '␣'],
  ['a b', 'a b'],
  ['a\r\nb\nc\rd', 'a‹CR›↵b↵c‹CR›d'],
  ['tab\there', 'tab⇥here'],
  ['nul\0', 'nul‹NUL›'],
  ['bell\u0007esc\u001b[31m', 'bell‹U+0007›esc‹ESC›[31m'],
  ['\u007f\u0085', '‹DEL›‹U+0085›'],
  ['z\u200b\u200ba', 'z‹U+200B›‹U+200B›a'],
  ['user\u202emoc.elpmaxe', 'user‹U+202E›moc.elpmaxe'],
  ['\ufeffbom', '‹U+FEFF›bom'],
  ['no\u00a0break', 'no‹U+00A0›break'],
  ['fill\u3164er', 'fill‹U+3164›er'],
  // Names and signs as people write them.
  ['山田\u3000太郎', '山田\u3000太郎'],
  ['山田\u3000', '山田‹U+3000›'],
  ['👨\u200d👩\u200d👧 family', '👨\u200d👩\u200d👧 family'],
  ['می\u200cخواهم', 'می\u200cخواهم'],
  ['a\u200db', 'a‹U+200D›b'],
  ['دوד e\u0301 ñ 😀', 'دوד e\u0301 ñ 😀'],
  ['🏴\u{e0067}\u{e0062}', '🏴\u{e0067}\u{e0062}'],
])('%j', (text, shown) => {
  expect(withSigns(text)).toBe(shown)
})

test('of a text that goes on, a blank at the end is one between words', () => {
  expect(withSigns(' the beginning ', true)).toBe('␣the beginning ')
})

test('two texts that differ look different, but for what a reader of their script sees', () => {
  const unseen = fc.constantFrom(' ', '\n', '\r', '\r\n', '\u00a0', '\u200b', '\u202e', '\t', '\0', '\u2028', '')
  fc.assert(
    fc.property(fc.tuple(unseen, unseen), ([a, b]) => {
      expect(withSigns(`name${a}`) === withSigns(`name${b}`)).toBe(a === b)
    }),
  )
})

test('the parts together are the line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, isCut) => {
      const parts = partsOf(text, isCut)
      expect(parts.map((part) => part.text).join('')).toBe(withSigns(text, isCut))
      expect(parts.filter(({ isSign }) => !isSign).every((part) => text.includes(part.text))).toBe(true)
    }),
  )
})

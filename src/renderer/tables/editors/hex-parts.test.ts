// Bytes as digits and back, part by part.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOfHex, hexLines, PART, replacePart } from './hex-parts.ts'

test('what is shown of a part is read as its bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: PART * 3 }), fc.integer({ min: 0, max: 3 }), (bytes, part) => {
      const own = bytes.slice(part * PART, (part + 1) * PART)
      expect(bytesOfHex(hexLines(bytes, part))).toEqual(own)
      expect(replacePart(bytes, part, own)).toEqual(bytes)
    }),
    { numRuns: 50, seed: 1 },
  )
})

test('a part may become longer and shorter', () => {
  const bytes = new Uint8Array(PART + 2).fill(1)
  expect(replacePart(bytes, 0, new Uint8Array([7]))).toEqual(new Uint8Array([7, 1, 1]))
  expect(replacePart(bytes, 1, new Uint8Array())).toHaveLength(PART)
})

test.each([['0'], ['0g'], ['0x1'], ['12 3']])('%j are no bytes', (text) => expect(bytesOfHex(text)).toBeNull())
test('digits may stand anyhow', () => expect(bytesOfHex(' 0X00 fF\n1 0')).toEqual(new Uint8Array([0, 255, 16])))

// Partners are found in whatever order the rows come, as a plain comparison of everything finds them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fingerprinter } from './fingerprint.ts'
import { listPairs } from './list-pairs.ts'
import { Matching } from './matching.ts'

const runs = { numRuns: process.env.VERIFY === 'full' ? 20_000 : 300, seed: 8 }

interface Row {
  side: 'left' | 'right'
  email: string | null
  values: string[]
}

const row: fc.Arbitrary<Row> = fc.record({
  side: fc.constantFrom('left', 'right'),
  email: fc.constantFrom('a', 'b', 'c', 'd', 'A', ' a', null),
  values: fc.tuple(fc.constantFrom('', 'x', 'y'), fc.constantFrom('1', '2')),
})

function plainly(rows: readonly Row[]) {
  const of = (side: Row['side'], email: string | null) =>
    rows.filter((each) => each.side === side && each.email === email)
  const found = { same: 0, differs: 0, onlyLeft: 0, onlyRight: 0 }
  const unpaired = { left: of('left', null).length, right: of('right', null).length }
  const differs: string[] = []
  for (const email of new Set(rows.map((each) => each.email))) {
    if (email === null) continue
    const [left, right] = [of('left', email), of('right', email)]
    if (left.length > 1 || right.length > 1) {
      unpaired.left += left.length
      unpaired.right += right.length
    } else if (left.length === 0) found.onlyRight += 1
    else if (right.length === 0) found.onlyLeft += 1
    else {
      const columns = [0, 1].filter((at) => left[0]?.values[at] !== right[0]?.values[at])
      found[columns.length === 0 ? 'same' : 'differs'] += 1
      if (columns.length > 0) differs.push(`${email} ${columns.join()}`)
    }
  }
  return { found, unpaired, differs: differs.sort() }
}

describe('matching', () => {
  it('finds what a plain comparison finds, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 30 }), async (rows) => {
        const matching = new Matching(2)
        rows.forEach(({ side, email, values }, at) =>
          matching.add(side, email, [BigInt(at)], (column) => values[column] ?? ''),
        )
        const expected = plainly(rows)
        expect(matching.counts).toEqual(expected.found)
        expect(matching.unpaired).toEqual(expected.unpaired)
        const { listed } = await listPairs(matching, ['0', '1'], new AbortController().signal)
        expect(listed.differs.map(({ email, differs }) => `${email} ${differs.join()}`).sort()).toEqual(
          expected.differs,
        )
        for (const pair of [...listed.differs, ...listed.onlyLeft, ...listed.onlyRight]) {
          const at = (side: Row['side']) => rows.findIndex((each) => each.side === side && each.email === pair.email)
          expect(pair.left).toEqual(at('left') < 0 ? null : [BigInt(at('left'))])
          expect(pair.right).toEqual(at('right') < 0 ? null : [BigInt(at('right'))])
        }
      }),
      runs,
    )
  })

  it('keeps keys that are no 64-bit numbers, and more emails than one stretch of memory', () => {
    const matching = new Matching(1)
    for (let at = 0; at < 70_000; at++) matching.add('left', `u${at}`, [BigInt(at)], () => 'x')
    matching.add('right', 'u69999', [2n ** 64n - 1n], () => 'y')
    matching.add('right', 'u3', ['a', new Uint8Array([1])], () => 'x')
    expect(matching.counts).toEqual({ same: 1, differs: 1, onlyLeft: 69_998, onlyRight: 0 })
    const places = new Map(Array.from(matching.emails(), ({ email, place }) => [email, place]))
    const pair = (email: string) => matching.pairAt(email, places.get(email) ?? -1, ['x'])
    expect(pair('u69999')).toMatchObject({ left: [69_999n], right: [18446744073709551615n], differs: ['x'] })
    expect(pair('u3')).toMatchObject({ left: [3n], right: ['a', new Uint8Array([1])], differs: [] })
  })
})

describe('fingerprints', () => {
  it('of many near texts are all others, and of the same text the same', () => {
    const print = fingerprinter()
    const into = new Uint32Array(2)
    const texts = Array.from({ length: 100_000 }, (_, at) => `text user${at}@example.com`)
    texts.push('', 'text ', 'text \0', 'text \0\0', 'a'.repeat(1000), 'a'.repeat(1001), ...'abcdefghij')
    const seen = new Set(
      texts.map((text) => {
        print(text, into, 0)
        return `${into[0]} ${into[1]}`
      }),
    )
    expect(seen.size).toBe(texts.length)
    // Each half spreads by itself: so many texts share 32 bits about once.
    for (const lane of [0, 1])
      expect(new Set([...seen].map((pair) => pair.split(' ')[lane])).size).toBeGreaterThan(99_990)
    print('a', into, 0)
    const [a, b] = into
    print('a', into, 0)
    expect([...into]).toEqual([a, b])
  })
})

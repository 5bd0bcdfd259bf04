// Values in SQL text: only what is a placeholder is one, and every value stays in its quotes.
import { describe, expect, it } from 'vitest'
import { literal, quote, withValues } from './literal.ts'

describe('placeholders', () => {
  it.each([
    ['select ?', ['a'], "select 'a'"],
    ['select ? + ?', [1n, null], 'select 1 + NULL'],
    ['select \'?\', "?", `?`, ?', [1n], 'select \'?\', "?", `?`, 1'],
    ["select 'it''s ?', 'it\\'s ?', ?", [1n], "select 'it''s ?', 'it\\'s ?', 1"],
    ['select `a``?`, ? -- ?\n, ?', [1n, 2n], 'select `a``?`, 1 -- ?\n, 2'],
    ['select ? # ?\n/* ? \n ? */, ?', [1n, 2n], 'select 1 # ?\n/* ? \n ? */, 2'],
    ['select ?--1', [1n], 'select 1--1'],
    // A value is not looked into again.
    ['select ?, ?', ["? ' -- ", '$&'], "select '? \\' -- ', '$&'"],
  ] as [string, (string | bigint | null)[], string][])('of %s', (sql, values, expected) => {
    expect(withValues(sql, values)).toBe(expected)
  })

  it.each([
    ['select ?', []],
    ['select 1', [1n]],
    ['select ?, ?', [1n]],
  ])('that do not fit the values are a mistake: %s', (sql, values) => {
    expect(() => withValues(sql, values)).toThrow(/placeholders/)
  })
})

it('are literals of their own type', () => {
  expect(literal(18446744073709551615n)).toBe('18446744073709551615')
  expect([5, 0.1, 1e21, 2 ** 60, 5e-324, -0].map(literal)).toEqual([
    '5',
    '0.1e0',
    '1e+21',
    '1152921504606847000e0',
    '5e-324',
    '-0e0',
  ])
  expect(literal(new Uint8Array([0, 255]))).toBe("X'00ff'")
  expect(literal(new Uint8Array([1, 2, 3]).subarray(1, 2))).toBe("X'02'")
  expect(literal("it's \\ \0\n")).toBe("'it\\'s \\\\ \0\n'")
  expect(quote('a`b')).toBe('`a``b`')
})

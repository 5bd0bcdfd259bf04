// Which letters a character set has no place for. That the sets are those of the servers, letter by letter: verify/interop.
import { expect, it } from 'vitest'
import { charsetIn, unfitFor } from './charset.ts'

it('says nothing of what holds every letter, or is not known', () => {
  for (const name of ['utf8mb4', 'utf16', 'gb18030']) expect(charsetIn('mysql', name)).toEqual({})
  for (const name of ['UTF8', 'SQL_ASCII']) expect(charsetIn('postgres', name)).toEqual({})
  expect(charsetIn('mysql', 'utf8')).toEqual({ charset: 'utf8mb3' })
  for (const charset of ['gbk', 'EUC_JP', 'greek', undefined]) expect(unfitFor(charset, '\u6f22\u{1f600}')).toBeNull()
})

it('names the first letter that has no place', () => {
  expect(unfitFor('LATIN1', 'J\u00fcrgen \u20ac')).toBe(
    "\u201c\u20ac\u201d is not in the column's character set LATIN1",
  )
  expect(unfitFor('latin1', 'J\u00fcrgen \u20ac')).toBeNull()
  expect(unfitFor('latin1', 'u\u0308')).toBe("U+0308 is not in the column's character set latin1")
})

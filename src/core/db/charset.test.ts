// What Roster takes for the letters of a character set is what the servers themselves do, letter by letter.
import { expect, it } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../scripts/servers/missing.ts'
import { charsetIn, unfitFor } from './charset.ts'

/** All letters of one code unit beyond ASCII. */
const LETTERS = Array.from({ length: 0xffff - 0x80 }, (_, at) => at + 0x80)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCharCode(code))

const heldBy = (charset: string) => LETTERS.filter((letter) => unfitFor(charset, letter) === null)

describeWithMariadb('character sets of MariaDB', (server) => {
  it.each([
    ...['latin1', 'latin2', 'latin5', 'latin7', 'koi8r', 'cp1250', 'cp1251'],
    ...['cp1257', 'ascii', 'utf8mb3', 'ucs2'],
  ])('%s', async (charset) => {
    const text = LETTERS.join('')
    const [row] = await server().admin(
      `select hex(convert(convert(_utf8mb4 x'${Buffer.from(text).toString('hex')}' using ${charset}) using utf8mb4))`,
    )
    const back = [...Buffer.from(row?.[0] ?? '', 'hex').toString('utf8')]
    expect(heldBy(charset)).toEqual(LETTERS.filter((letter, at) => back[at] === letter))
  })
})

describeWithPostgres('encodings of PostgreSQL', (server) => {
  it.each([
    ...['LATIN1', 'LATIN2', 'LATIN3', 'LATIN4', 'LATIN5', 'LATIN6', 'LATIN7', 'LATIN8', 'LATIN9', 'LATIN10'],
    ...['ISO_8859_5', 'ISO_8859_6', 'ISO_8859_7', 'ISO_8859_8', 'KOI8R', 'WIN866', 'WIN874', 'WIN1250'],
    ...['WIN1251', 'WIN1252', 'WIN1253', 'WIN1254', 'WIN1256', 'WIN1257', 'WIN1258'],
  ])('%s', async (charset) => {
    await server().admin(`create or replace function letter(byte int, name text) returns text language plpgsql as
      'begin return convert_from(set_byte(''\\x00'', 0, byte), name); exception when others then return null; end'`)
    const rows = await server().admin(`select letter(byte, '${charset}') from generate_series(128, 255) byte`)
    const stored = new Set(rows.map(([letter]) => letter))
    expect(heldBy(charset)).toEqual(LETTERS.filter((letter) => stored.has(letter)))
  })
})

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

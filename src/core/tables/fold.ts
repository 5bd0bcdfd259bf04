// Whether two values could be the same to a server's collation: case, accents and blanks at the end do not count. It takes more
// for equal than any server does, and serves where that does no harm: the server itself has the last word.
import type { Cell } from '../../shared/cell.ts'

/** Letters that some collations take for others, and that no normal form takes apart. */
const LETTERS: Record<string, string> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ħ: 'h',
  ŧ: 't',
}

/** ASCII needs none of what follows. */
const PLAIN = /^[\u0021-\u007e]*$/

export function foldText(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase()
  return (
    text
      .normalize('NFKD')
      // Marks, and what is not seen.
      .replace(/[\p{M}\p{Cf}\p{Cc}]/gu, '')
      .toUpperCase()
      .toLowerCase()
      .replace(/[æœøłđðþıħŧ]/g, (letter) => LETTERS[letter] ?? letter)
      // utf8mb4_general_ci takes all of them for one.
      .replace(/[\u{10000}-\u{10FFFF}]/gu, '\u{10000}')
      .trimEnd()
  )
}

const NUMBER = /^[+-]?0*(\d*)(?:\.(\d*?)0*)?$/

/** Looked at first: of most texts the first letter tells. */
const MAY_BE_NUMBER = /^[\d+.-]/

/** One text for all values that could be equal; null for NULL. */
export function fold(value: Cell): string | null {
  if (value === null) return null
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`
  const text = typeof value === 'string' ? foldText(value) : String(value)
  const number = MAY_BE_NUMBER.test(text) ? NUMBER.exec(text) : null
  if (!number) return text
  const [, whole = '', fraction = ''] = number
  if (whole === '' && fraction === '') return '0'
  // 1, 1.0 and 01 may be one number.
  return `${text.startsWith('-') ? '-' : ''}${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`
}

/** The same of values that are unique together; null when one of them is NULL, which clashes with nothing. */
export function foldTogether(values: readonly (Cell | undefined)[]): string | null {
  if (values.length === 1) return fold(values[0] ?? null)
  const folded = values.map((value) => fold(value ?? null))
  return folded.includes(null) ? null : JSON.stringify(folded)
}

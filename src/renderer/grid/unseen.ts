// Characters that nobody sees, or that move others about: a blank at the end, a line break, a zero-width space, an override of
// the direction. Two values that look the same and are not are told apart by signs in their places.

/** A stretch of a text as it is shown. `isSign`: it stands for characters that could not be seen. */
export interface Shown {
  text: string
  isSign: boolean
}

/**
 * Controls; blanks other than U+0020 and, inside of a text, U+3000, which Japanese names are written with; what Unicode calls
 * format characters; letters that are blank (Hangul fillers, an empty pattern of Braille). U+200C and U+200D are part of how
 * Persian, Indic scripts and emoji are written, and are signs only beside ASCII or at an end.
 */
const ALWAYS =
  '\\p{Cc}\\u00a0\\u00ad\\u061c\\u115f\\u1160\\u1680\\u180e\\u2000-\\u200b\\u200e\\u200f\\u2028-\\u202f\\u205f-\\u2064\\u2066-\\u206f\\u2800\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb'
const JOINERS = '(?<![^\\x00-\\x7f])[\\u200c\\u200d]|[\\u200c\\u200d](?![^\\x00-\\x7f])'
const INSIDE = `[${ALWAYS}]|${JOINERS}`
const ENDS = new RegExp(`^[ \\u3000]+|[ \\u3000]+$|${INSIDE}`, 'gu')
const BEGINNING = new RegExp(`^[ \\u3000]+|${INSIDE}`, 'gu')

/** Those that have a sign or a name of their own; Unicode's pictures of the others are in few fonts. */
const CONTROLS: Record<string, string> = {
  '\n': '↵',
  '\t': '⇥',
  '\r': '‹CR›',
  '\0': '‹NUL›',
  '\u001b': '‹ESC›',
  '\u007f': '‹DEL›',
}

function signOf(found: string): string {
  if (/^[ \u3000]/.test(found)) return Array.from(found, (blank) => (blank === ' ' ? '␣' : named(blank))).join('')
  return CONTROLS[found] ?? named(found)
}

const named = (letter: string) => `‹U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`

/** The text in one line. `isCut`: it goes on, so a blank at its end is not the last of the value. */
export function partsOf(text: string, isCut = false): Shown[] {
  const parts: Shown[] = []
  let from = 0
  for (const found of text.matchAll(isCut ? BEGINNING : ENDS)) {
    if (found.index > from) parts.push({ text: text.slice(from, found.index), isSign: false })
    parts.push({ text: signOf(found[0]), isSign: true })
    from = found.index + found[0].length
  }
  if (from < text.length) parts.push({ text: text.slice(from), isSign: false })
  return parts
}

/** The same as plain text. */
export function withSigns(text: string, isCut = false): string {
  return text.replace(isCut ? BEGINNING : ENDS, signOf)
}

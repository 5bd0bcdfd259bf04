// Which characters a column of text can hold: on MySQL and MariaDB each has a character set of its own, on PostgreSQL the database
// has one, and many know no emoji.

/** What the columns of a database or a table are in, as the server names it; absent where every character fits, and for what is no text. */
export function charsetIn(server: 'mysql' | 'postgres', name: string): { charset?: string } {
  if (name === '' || /^(utf8mb4|utf16|utf16le|utf32|gb18030|binary|UTF8|SQL_ASCII)$/.test(name)) return {}
  // `utf8` has been utf8mb3 at all times; which name is told depends on the version. PostgreSQL's are in capitals: its LATIN1 is
  // ISO 8859-1, and latin1 of MySQL is Windows-1252.
  return { charset: server === 'postgres' ? name : name === 'utf8' ? 'utf8mb3' : name }
}

/**
 * By the server's name, what the web calls the same one. Where the two differ in letters (greek, koi8u, cp866), and
 * where a letter has several bytes, only the server knows.
 */
const SAME = new Map(
  Object.entries({
    ...{ latin1: 'windows-1252', latin2: 'iso-8859-2', latin5: 'iso-8859-9', latin7: 'iso-8859-13' },
    ...{ koi8r: 'koi8-r' },
    ...{ cp1250: 'windows-1250', cp1251: 'windows-1251', cp1257: 'windows-1257' },
    ...{ LATIN1: 'iso-8859-1', LATIN2: 'iso-8859-2', LATIN3: 'iso-8859-3', LATIN4: 'iso-8859-4' },
    ...{ LATIN5: 'iso-8859-9', LATIN6: 'iso-8859-10', LATIN7: 'iso-8859-13', LATIN8: 'iso-8859-14' },
    ...{ LATIN9: 'iso-8859-15', LATIN10: 'iso-8859-16', ISO_8859_5: 'iso-8859-5', ISO_8859_6: 'iso-8859-6' },
    ...{ ISO_8859_7: 'iso-8859-7', ISO_8859_8: 'iso-8859-8', KOI8R: 'koi8-r' },
    ...{ WIN866: 'ibm866', WIN874: 'windows-874', WIN1250: 'windows-1250', WIN1251: 'windows-1251' },
    ...{ WIN1252: 'windows-1252', WIN1253: 'windows-1253', WIN1254: 'windows-1254' },
    ...{ WIN1256: 'windows-1256', WIN1257: 'windows-1257', WIN1258: 'windows-1258' },
  }),
)

const known = new Map<string, ReadonlySet<string> | null>()

/** Null where it is not known here. */
function lettersOf(charset: string): ReadonlySet<string> | null {
  const before = known.get(charset)
  if (before !== undefined) return before
  const label = charset === 'ascii' ? 'windows-1252' : SAME.get(charset)
  let letters: Set<string> | null = null
  if (label !== undefined) {
    // The web takes the sets of ISO for those of Windows, which have letters in place of ISO's second controls. Of Windows' own
    // places without a letter it makes controls, as latin1 of MySQL does and nobody else.
    const isIso = label.startsWith('iso')
    const first = charset === 'ascii' ? 0x100 : isIso ? 0xa0 : 0x80
    letters = new Set(new TextDecoder(label).decode(Uint8Array.from({ length: 0x100 - first }, (_, at) => first + at)))
    for (let code = 0x80; code < 0xa0; code += 1) {
      const control = String.fromCharCode(code)
      if (isIso) letters.add(control)
      else if (charset !== 'latin1') letters.delete(control)
    }
    letters.delete('\ufffd')
  }
  known.set(charset, letters)
  return letters
}

/** A mark or a blank by itself is not seen. */
const shown = (letter: string) =>
  /[\p{M}\p{C}\p{Z}]/u.test(letter)
    ? `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
    : `“${letter}”`

/** All that one code unit of UTF-16 tells. */
const BASIC = /^(utf8mb3|ucs2)$/
const ASCII = /^[\0-\x7f]*$/u

/**
 * Why the text cannot be stored in this character set, naming the first character that cannot; null when it can, and where only the
 * server knows.
 */
export function unfitFor(charset: string | undefined, text: string): string | null {
  if (charset === undefined || ASCII.test(text)) return null
  const letters = BASIC.test(charset) ? null : lettersOf(charset)
  if (!BASIC.test(charset) && letters === null) return null
  for (const letter of text) {
    const fits = letters === null ? (letter.codePointAt(0) ?? 0) <= 0xffff : letter <= '\x7f' || letters.has(letter)
    if (!fits) return `${shown(letter)} is not in the column's character set ${charset}`
  }
  return null
}

/** The character set holds the text for certain: where only the server knows its letters, that is ASCII. */
export function surelyHeld(charset: string | undefined, text: string): boolean {
  const isKnown = charset === undefined || BASIC.test(charset) || lettersOf(charset) !== null
  return isKnown ? unfitFor(charset, text) === null : ASCII.test(text)
}

// One email in the spellings in which it may be stored: case, blanks around it, and the composed and decomposed forms of Unicode.

/** What two alike emails have in common. */
const folded = (email: string): string => email.normalize('NFC').trim().toLowerCase().normalize('NFC')

export const isAlike = (email: string, other: unknown): boolean =>
  typeof other === 'string' && folded(email) === folded(other)

const inForms = (texts: readonly string[]): string[] => [
  ...new Set(texts.flatMap((text) => [text, text.normalize('NFC'), text.normalize('NFD')])),
]

/** What an index can be asked for. */
export function usualSpellings(email: string): string[] {
  const trimmed = email.trim()
  const at = trimmed.lastIndexOf('@')
  const lowDomain = at < 0 ? trimmed : trimmed.slice(0, at) + trimmed.slice(at).toLowerCase()
  return inForms([email, trimmed, lowDomain, trimmed.toLowerCase(), trimmed.toUpperCase()])
}

/** Letters of which every mixture of cases is asked for: two to this power. */
const MOST_LETTERS = 5

/**
 * What `lower()` and `trim()` of a database make of all that is alike. Some (SQLite, PostgreSQL in the locale C) know of cases in
 * ASCII alone, so the other letters are asked for in both; of many such letters all small and all capital.
 */
export function foldings(email: string): string[] {
  return [...new Set(inForms([folded(email)]).flatMap(inCases))]
}

function inCases(text: string): string[] {
  const letters = [...text]
  const cased = letters.flatMap((letter, at) => {
    const capital = letter.toUpperCase()
    // "ß" has no capital of one letter; of such there is none to ask for.
    return letter > '\x7f' && [...capital].length === 1 && capital !== letter ? [{ at, capital }] : []
  })
  const withCapitals = (isCapital: (place: number) => boolean) =>
    letters
      .map((letter, at) => {
        const place = cased.findIndex((each) => each.at === at)
        return place >= 0 && isCapital(place) ? (cased[place]?.capital ?? letter) : letter
      })
      .join('')
  if (cased.length > MOST_LETTERS) return [text, withCapitals(() => true), withCapitals((place) => place === 0)]
  return Array.from({ length: 2 ** cased.length }, (_, mixture) =>
    withCapitals((place) => (mixture & (1 << place)) !== 0),
  )
}

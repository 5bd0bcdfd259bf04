// The beginnings that a text without regard to case may have, so that an index that tells cases apart can serve it.

/** Ranges of the index that are looked at, at most. */
const MOST = 16

/**
 * Every text that begins with `text`, whatever the case of its ASCII letters, begins with one of these. They are as long as
 * MOST allows, and of ASCII alone: sorting by bytes then means the same in every encoding. Empty when `text` begins otherwise.
 */
export function beginnings(text: string): string[] {
  let all = ['']
  for (const letter of text) {
    if (letter > '~' || letter < ' ') break
    const cases = [...new Set([letter.toLowerCase(), letter.toUpperCase()])]
    if (all.length * cases.length > MOST) break
    all = all.flatMap((start) => cases.map((each) => start + each))
  }
  return all.filter((start) => start !== '')
}

/** The first text behind all that begin with this one; only of ASCII, so the last letter has a next one. */
export function afterAll(beginning: string): string {
  return beginning.slice(0, -1) + String.fromCharCode(beginning.charCodeAt(beginning.length - 1) + 1)
}

// Percent-encoding as the different libraries read it: strictly, leniently, with + as a blank or as itself.
import { StringProblem } from './parsed.ts'

const BAD = /%(?![0-9a-f]{2})/i

/** libpq and URLs of Roster: a bare % and a NUL are refused, + is itself. `what` goes into the message, nothing of the text does. */
export function decodeStrictly(text: string, what: string): string {
  if (BAD.test(text)) {
    throw new StringProblem(
      `The ${what} holds a % that is not followed by two hexadecimal digits. A % itself is written as %25.`,
    )
  }
  let decoded: string
  try {
    decoded = decodeURIComponent(text)
  } catch {
    throw new StringProblem(`The ${what} is percent-encoded, but not as UTF-8.`)
  }
  if (decoded.includes('\0')) throw new StringProblem(`The ${what} holds a control character.`)
  return decoded
}

/** Go: as above, but a NUL is taken, and + is a blank in a query. */
export function decodeGo(text: string, what: string, isQuery: boolean): string {
  const plain = isQuery ? text.replaceAll('+', ' ') : text
  if (BAD.test(plain)) throw new StringProblem(`The ${what} holds a % that is not followed by two hexadecimal digits.`)
  try {
    return decodeURIComponent(plain)
  } catch {
    throw new StringProblem(`The ${what} is percent-encoded, but not as UTF-8.`)
  }
}

/** Java's URLDecoder: + is a blank, a bare % is refused, bytes that are no UTF-8 become U+FFFD. */
export function decodeJava(text: string, what: string): string {
  if (BAD.test(text)) throw new StringProblem(`The ${what} holds a % that is not followed by two hexadecimal digits.`)
  return decodeRuns(text.replaceAll('+', ' '), /(?:%[0-9a-f]{2})+/gi)
}

/** Python's unquote: a bare % stays, bytes that are no UTF-8 become U+FFFD. `plus`: + is a blank, as in a query. */
export function decodePython(text: string, plus = false): string {
  return decodeRuns(plus ? text.replaceAll('+', ' ') : text, /(?:%[0-9a-f]{2})+/gi)
}

function decodeRuns(text: string, runs: RegExp): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return text.replace(runs, (run) => decoder.decode(Buffer.from(run.replaceAll('%', ''), 'hex')))
}

/** For every place where percent-encoding is read at all. Throws RangeError for half a surrogate pair, which no UTF-8 can say. */
export function encode(text: string): string {
  if (!text.isWellFormed()) throw new RangeError('Not well-formed.')
  return encodeURIComponent(text).replace(
    /[!'()*~]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}

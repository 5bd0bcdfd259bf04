// Walks over the tokens of one statement: words it expects, and names with the schema they are written with.
import type { Token } from './tokens.ts'

export interface Reader {
  /** The token under the reader; null behind the last. */
  readonly here: Token | null
  /** Its text when it is an unquoted word, otherwise ''. */
  readonly word: string
  readonly at: number
  /** The token so many places further. */
  ahead(offset: number): Token | null
  /** Steps over these words if all of them stand here, in this order. */
  take(...words: string[]): boolean
  /** Steps over any number of these words. */
  skip(...words: string[]): void
  /** Steps over one character of punctuation, if it stands here. */
  takeMark(mark: string): boolean
  next(): void
  /** A name, quoted or not, with what qualifies it: ["app", "users"]. Null when none stands here. */
  name(): string[] | null
  /** Names between commas. */
  names(): string[][]
}

export function readerOf(tokens: readonly Token[]): Reader {
  let at = 0
  const ahead = (offset: number) => tokens[at + offset] ?? null
  const wordAt = (offset: number) => {
    const token = ahead(offset)
    return token?.kind === 'word' ? token.text : ''
  }
  const isMark = (offset: number, mark: string) => {
    const token = ahead(offset)
    return token?.kind === 'other' && token.text === mark
  }

  function takeMark(mark: string): boolean {
    if (!isMark(0, mark)) return false
    at++
    return true
  }

  function part(): string | null {
    const token = ahead(0)
    if (!token || token.kind === 'other') return null
    at++
    return token.name
  }

  function name(): string[] | null {
    const first = part()
    if (first === null) return null
    const parts = [first]
    while (isMark(0, '.')) {
      at++
      const next = part()
      if (next === null) break
      parts.push(next)
    }
    return parts
  }

  return {
    get here() {
      return ahead(0)
    },
    get word() {
      return wordAt(0)
    },
    get at() {
      return at
    },
    ahead,
    take(...words) {
      if (!words.every((word, offset) => wordAt(offset) === word)) return false
      at += words.length
      return true
    },
    skip(...words) {
      while (words.includes(wordAt(0))) at++
    },
    takeMark,
    next() {
      at++
    },
    name,
    names() {
      const found: string[][] = []
      do {
        const next = name()
        if (next) found.push(next)
        while (ahead(0) && !isMark(0, ',') && /^(cascade|restrict|wait|nowait)$/.test(wordAt(0))) at++
      } while (takeMark(','))
      return found
    },
  }
}

/** Cuts tokens at the commas that stand outside of all brackets. */
export function atCommas(tokens: readonly Token[]): Token[][] {
  return cutAt(tokens, ',')
}

export function cutAt(tokens: readonly Token[], mark: string): Token[][] {
  const parts: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (token.kind === 'other' && token.text === '(') depth++
    if (token.kind === 'other' && token.text === ')') depth--
    if (token.kind === 'other' && token.text === mark && depth <= 0) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts.filter((part) => part.length > 0)
}

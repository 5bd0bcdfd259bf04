// JSON as text: checked and laid out letter by letter. Nothing is made a value of, so numbers keep all their digits, and keys
// that stand twice still do.

export interface JsonProblem {
  /** Place in the text, from 0. */
  at: number
  words: string
}

interface Token {
  kind: 'punctuation' | 'string' | 'number' | 'word'
  text: string
  at: number
}

const STRING = /"(?:[ -!#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y
const WORD = /(?:true|false|null)(?!\w)/y
const SPACE = /[ \t\r\n]*/y

class Problem extends Error {
  readonly at: number
  constructor(at: number, words: string) {
    super(words)
    this.at = at
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at
    return pattern.exec(text)?.[0]
  }
  for (;;) {
    at += match(SPACE)?.length ?? 0
    const letter = text[at]
    if (letter === undefined) return tokens
    const kind = '{}[],:'.includes(letter)
      ? 'punctuation'
      : letter === '"'
        ? 'string'
        : /[-\d]/.test(letter)
          ? 'number'
          : 'word'
    const found =
      kind === 'punctuation' ? letter : match(kind === 'string' ? STRING : kind === 'number' ? NUMBER : WORD)
    if (found === undefined) throw new Problem(at, whyNot(kind, text.slice(at)))
    tokens.push({ kind, text: found, at })
    at += found.length
  }
}

function whyNot(kind: Token['kind'], rest: string): string {
  const begin = rest.length > 20 ? `${rest.slice(0, 20)}…` : rest
  if (kind === 'string')
    return 'A text that begins here has no end, or holds a letter that JSON writes with a backslash.'
  return kind === 'number' ? `${begin} is no number of JSON.` : `${begin} cannot stand here.`
}

/** Reads a value from the tokens, telling `write` of every part with its depth. Returns the place behind it. */
function walk(tokens: readonly Token[], end: number, write: (token: Token, depth: number, role: Role) => void): void {
  let place = 0
  const open: ('{' | '[')[] = []
  const expected = (what: string): never => {
    const token = tokens[place]
    throw new Problem(
      token?.at ?? end,
      token ? `${what} is expected here, not ${token.text}.` : `${what} is missing at the end.`,
    )
  }
  const take = (role: Role) => {
    write(tokens[place] as Token, open.length, role)
    place += 1
  }
  const isNext = (text: string) => tokens[place]?.text === text && tokens[place]?.kind === 'punctuation'
  let state: 'value' | 'first' | 'key' | 'after' = 'value'
  for (;;) {
    const token = tokens[place]
    if (state === 'first' && isNext(open.at(-1) === '{' ? '}' : ']')) {
      open.pop()
      take('empty')
      state = 'after'
    } else if (state === 'key' || (state === 'first' && open.at(-1) === '{')) {
      if (token?.kind !== 'string') expected('A name in quotes')
      take('key')
      if (!isNext(':')) expected('A colon')
      take('colon')
      state = 'value'
    } else if (state === 'value' || state === 'first') {
      if (isNext('{') || isNext('[')) {
        take('open')
        open.push(token?.text as '{' | '[')
        state = 'first'
      } else if (token && token.kind !== 'punctuation') {
        take('value')
        state = 'after'
      } else expected('A value')
    } else if (open.length === 0) {
      if (place < tokens.length) expected('Nothing more')
      return
    } else if (isNext(',')) {
      take('comma')
      state = open.at(-1) === '{' ? 'key' : 'value'
    } else if (isNext(open.at(-1) === '{' ? '}' : ']')) {
      open.pop()
      take('close')
    } else expected(`A comma or ${open.at(-1) === '{' ? '}' : ']'}`)
  }
}

type Role = 'open' | 'close' | 'empty' | 'key' | 'colon' | 'comma' | 'value'

/** What is wrong with a text as JSON; null when nothing is. */
export function jsonProblem(text: string): JsonProblem | null {
  try {
    walk(tokensOf(text), text.length, () => undefined)
    return null
  } catch (error) {
    if (error instanceof Problem) return { at: error.at, words: error.message }
    throw error
  }
}

/** "Line 3, column 12: …". */
export function problemInWords(text: string, { at, words }: JsonProblem): string {
  const before = text.slice(0, at).split(/\r\n|\r|\n/)
  return `Line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${words}`
}

/** The same value with two spaces for each depth, or what is wrong. Only the space between its parts is another. */
export function laidOut(text: string): { text: string } | { problem: JsonProblem } {
  const problem = jsonProblem(text)
  if (problem) return { problem }
  let out = ''
  const line = (depth: number) => `\n${'  '.repeat(depth)}`
  let before: Role | null = null
  walk(tokensOf(text), text.length, (token, depth, role) => {
    const isFirst = before === 'open' && role !== 'empty'
    if (isFirst || before === 'comma' || role === 'close') out += line(depth)
    out += token.text + (role === 'colon' ? ' ' : '')
    before = role
  })
  return { text: out }
}

// Finds what a step does in the words of whoever wrote it: the comment at the top of its file.

const LONGEST = 300
/** Words for tools, not for people. */
const DIRECTIVE =
  /^(?:@ts-|eslint|prettier|oxlint|biome|istanbul|c8 |v8 |jshint|globals? |<reference|roster:|transaction:|[-*]- mode:|vim?:)/i

/** The first paragraph of the opening comment in one line, at most 300 characters; empty when there is none. */
export function openingComment(text: string, kind: 'module' | 'sql'): string {
  const paragraph: string[] = []
  for (const line of commentLines(text, kind)) {
    const words = line.trim()
    // What JSDoc says of parameters begins here, and none of it is about the step.
    if (kind === 'module' && /^@\w+\b/.test(words) && !DIRECTIVE.test(words)) break
    if (DIRECTIVE.test(words)) continue
    // A line of dashes is as good as an empty one.
    if (/[\p{L}\p{N}]/u.test(words)) paragraph.push(words)
    else if (paragraph.length > 0) break
  }
  const line = paragraph.join(' ').replace(/\s+/g, ' ')
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1).trimEnd()}…` : line
}

/** The lines of the comments before the first code, without their marks; an empty one between two comments. */
function* commentLines(text: string, kind: 'module' | 'sql'): Generator<string> {
  const line = kind === 'module' ? /[ \t]*\/\/[/!]?([^\n]*)(?:\n|$)/y : /[ \t]*(?:--+|#)([^\n]*)(?:\n|$)/y
  // With an exclamation mark it is a licence, or SQL that MySQL runs.
  const block = /[ \t]*\/\*(?!M?!)\**([^]*?)\*\/[ \t]*(?:\r?\n)?/y
  const nothing = /[ \t]*\r?\n|#![^\n]*\n|[ \t]*(['"])use strict\1;?[ \t]*(?:\r?\n|$)/y
  // A file of 5 MB may be one comment; its summary is in the first lines.
  const head = text.slice(0, 20_000)
  let at = 0
  for (;;) {
    const found = [line, block, nothing].find((pattern) => {
      pattern.lastIndex = at
      return pattern.test(head)
    })
    if (found === undefined) return
    const next = found.lastIndex
    found.lastIndex = at
    const words = found.exec(head)?.[1] ?? ''
    if (found === line) yield words
    else if (found === block) yield* [...words.split('\n').map((each) => each.replace(/^\s*\*+/, '')), '']
    else yield ''
    if (next === at) return
    at = next
  }
}

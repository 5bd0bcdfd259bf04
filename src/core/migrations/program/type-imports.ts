// Imports of a TypeScript file that bring types alone, though they do not say so: `import { Knex } from 'knex'`, as knex's own
// template writes it. A compiler leaves them out; Node, which only takes the types away, would look for them.

const IMPORT =
  /^[ \t]*import\s+(?:([\w$]+|\*\s*as\s+[\w$]+)\s*,?\s*)?(?:\{([^{}]*)\}\s*)?from\s*(['"])[^'"\n]+\3[ \t]*;?/gm
const NO_CODE = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g

/** `stripped` is a file's text whose types are blank. Answers with that text without those imports, on as many lines. */
export function withoutTypeImports(stripped: string): string {
  const found = [...stripped.matchAll(IMPORT)]
  // What else of the file is code: not the imports themselves, no comments and no texts.
  let code = stripped
  for (const { index, 0: whole } of found) code = blanked(code, index, index + whole.length)
  code = code.replace(NO_CODE, (part) => ' '.repeat(part.length))
  const isUsed = (name: string) => new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(code)

  let result = stripped
  for (const { index, 0: whole, 1: only, 2: list } of found.reverse()) {
    const names = (list ?? '').split(',').map((part) => part.trim())
    const wanted = names.filter((part) => part !== '' && isUsed(localName(part)))
    const isDefaultUsed = only !== undefined && isUsed(localName(only))
    // An import of nothing is for what the file does, and stays.
    if (only === undefined && names.every((name) => name === '')) continue
    if ((only === undefined || isDefaultUsed) && wanted.length === names.filter((name) => name !== '').length) continue
    const end = index + whole.length
    if (!isDefaultUsed && wanted.length === 0) {
      result = blanked(result, index, end)
      continue
    }
    const from = whole.slice(whole.lastIndexOf('from'))
    const parts = [...(isDefaultUsed ? [only] : []), ...(wanted.length > 0 ? [`{ ${wanted.join(', ')} }`] : [])]
    const lines = '\n'.repeat(whole.split('\n').length - 1)
    result = `${result.slice(0, index)}import ${parts.join(', ')} ${from}${lines}${result.slice(end)}`
  }
  return result
}

/** "a as b" is b in the file. */
const localName = (part: string) => part.split(/\s+as\s+/).at(-1) ?? part

function blanked(text: string, start: number, end: number): string {
  return text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, ' ') + text.slice(end)
}

// Keeps statements inside of the scratch schema: what names another schema, could change the session's default one or works on
// the whole server is refused before it is sent. Nothing in the session's rights would hold it back.
import { tokensOf, type Token } from '../plan/tokens.ts'

/** First words that may be sent; all others are refused. Of some, what they are about decides. */
const ALLOWED = new Set(
  `alter analyze begin check checksum commit create delete desc describe drop explain insert lock optimize rename repair replace
  release rollback savepoint select set show start table truncate unlock update values with`.split(/\s+/),
)
const MAKES = new Set(['table', 'index', 'view', 'trigger', 'sequence', 'function', 'procedure'])
const ALTERS = new Set(['table', 'view', 'sequence'])
/** DROP FUNCTION could meet one that is loaded into the server. */
const DROPS = new Set(['table', 'tables', 'view', 'index', 'trigger', 'sequence', 'procedure'])
/** What CREATE, ALTER and DROP can be about, wherever it stands among their other words. */
const THINGS = new Set(
  `table tables index view trigger sequence function procedure database schema user role server event tablespace logfile undo
  package resource instance prepare reference`.split(/\s+/),
)
/** Engines whose tables reach elsewhere. */
const REMOTE = new Set(['federated', 'federatedx', 'connect', 'spider', 's3'])
const READ_ONLY_SCHEMAS = new Set(['information_schema', 'performance_schema'])

/**
 * Why it is not sent, in words; null when it is. `schemas` are all that the login can see, in any case of letters, the scratch
 * schema left out: a name before a dot that is none of them is a table or an alias.
 */
export function leavesScratch(sql: string, schemas: ReadonlySet<string>): string | null {
  const { list: tokens, hasVersionedComment } = tokensOf(sql, 'mysql')
  if (hasVersionedComment) return 'it has a comment that the server may run as a part of the statement.'
  const words = tokens.map(({ kind, text }) => (kind === 'word' ? text : ''))
  const schema = schemaNamed(sql, tokens, schemas)
  if (schema !== null) return `it names the schema ${schema}, so that it would not have stayed in the scratch schema.`
  return refusedVerb(words, tokens) ?? refusedWords(words, tokens)
}

function refusedVerb(words: string[], tokens: readonly Token[]): string | null {
  const start = words.findIndex((word) => word !== '')
  const [first = '', second = ''] = words.slice(Math.max(start, 0))
  const shown = first.toUpperCase()
  if (!ALLOWED.has(first) || tokens.slice(0, start).some(({ text }) => text !== '(')) {
    return `${shown === '' ? 'what it sends' : shown} is not sent to a scratch schema, because it could reach beyond it.`
  }
  const thing = words.slice(0, 20).find((word) => THINGS.has(word)) ?? ''
  const things = { create: MAKES, alter: ALTERS, drop: DROPS }[first]
  if (things && !things.has(thing)) return `${shown} ${thing.toUpperCase()} is not kept by the scratch schema.`
  if (/^(?:rename|lock|unlock)$/.test(first) && !/^tables?$/.test(second)) {
    return `${shown} ${second.toUpperCase()} is for the whole server.`
  }
  if (first === 'begin' && second !== '' && second !== 'work') return 'a block of statements is not looked into.'
  if (first === 'start' && second !== 'transaction') return `START ${second.toUpperCase()} is for the whole server.`
  return first === 'set' ? refusedSet(words, tokens) : null
}

function refusedSet(words: string[], tokens: readonly Token[]): string | null {
  const word = words
    .slice(1)
    .find((word) => /^(global|persist|persist_only|password|role|statement|default)$/.test(word))
  const isServers = tokens.some(({ text }) => /^@@(global|persist|persist_only)\b/i.test(text))
  // SET x = DEFAULT gives back the session's own.
  if (!isServers && (word === undefined || (word === 'default' && words[1] !== 'default'))) return null
  return `SET ${isServers ? 'GLOBAL' : (word ?? '').toUpperCase()} is not for this session alone.`
}

function refusedWords(words: string[], tokens: readonly Token[]): string | null {
  const has = (...wanted: string[]) => wanted.find((word) => words.includes(word))
  const file = has('outfile', 'dumpfile', 'infile')
  if (file) return `${file.toUpperCase()} reaches files of the server.`
  if (words[0] === 'create' && has('soname')) return 'it loads a library into the server.'
  const engine = tokens.find(
    ({ kind, text }, at) => kind !== 'other' && REMOTE.has(text.toLowerCase()) && isEngine(tokens, at),
  )
  if (engine) return `tables of the engine ${engine.text} reach elsewhere.`
  const lock = has('get_lock', 'release_lock', 'release_all_locks')
  if (lock) return `${lock.toUpperCase()} works on locks of the whole server.`
  const isBody = words[0] === 'create' && has('function', 'procedure', 'trigger')
  const dynamic = isBody ? has('prepare', 'execute', 'immediate') : undefined
  return dynamic ? `${dynamic.toUpperCase()} runs text that cannot be looked at before.` : null
}

function isEngine(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1]?.text === '=' ? tokens[at - 2] : tokens[at - 1]
  return before?.kind === 'word' && before.text === 'engine'
}

/** A name before a dot, in whatever quotes. Names without quotes may begin with digits, which look like numbers. */
function schemaNamed(sql: string, tokens: readonly Token[], schemas: ReadonlySet<string>): string | null {
  for (const [at, { kind, text }] of tokens.entries()) {
    const before = tokens[at - 1]
    if (kind !== 'other' || !text.startsWith('.') || !before) continue
    const bare = /[\w$\u0080-\uffff]+$/.exec(sql.slice(0, before.end))?.[0] ?? ''
    const name = before.kind === 'name' || before.kind === 'string' ? before.text : bare
    if (schemas.has(name.toLowerCase()) && !READ_ONLY_SCHEMAS.has(name.toLowerCase())) return name
  }
  return null
}

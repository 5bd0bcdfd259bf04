// Collects the lines of a schema as they come from several questions to its catalogue.
import type { Part, PartKind } from './snapshot.ts'

export type Ask = (sql: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>

/** Whoever answers: the schema session, as a rule. */
export interface Asked {
  readonly ask: Ask
}

export interface Parts {
  /** Makes the part when it is not there; its place is where it came first. */
  add(kind: PartKind, name: string, ...lines: string[]): void
  has(kind: PartKind, name: string): boolean
  list(): Part[]
}

export function collectParts(): Parts {
  const parts = new Map<string, Part>()
  const key = (kind: PartKind, name: string) => `${kind} ${name}`
  return {
    add(kind, name, ...lines) {
      const known = parts.get(key(kind, name))
      if (known) known.lines.push(...lines)
      else parts.set(key(kind, name), { name, kind, lines })
    },
    has: (kind, name) => parts.has(key(kind, name)),
    list: () => [...parts.values()],
  }
}

/** A value of a catalogue's row as text; NULL is ''. Catalogues hold text and numbers, some as bytes. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (Buffer.isBuffer(value)) return value.toString('utf8')
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : ''
}

/** Several lines of a definition without what only lays them out. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '')
}

/** The words, without those that are empty, with a space between. */
export const joined = (...words: string[]) => words.filter((word) => word !== '').join(' ')

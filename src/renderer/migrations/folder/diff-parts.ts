// What is drawn of a difference: what changed with a few lines around it; longer runs of equal lines are folded.
import type { DiffLine } from './line-diff.ts'

export interface DiffPart {
  /** Equal lines that are left out until somebody asks for them. */
  isFolded: boolean
  lines: DiffLine[]
}

/** Lines shown around a change; a run is folded only where that leaves out more than it adds. */
const CONTEXT = 3

/** The lines in parts, in order, none left out. */
export function diffParts(lines: readonly DiffLine[]): DiffPart[] {
  const isNear = nearChanges(lines)
  const parts: DiffPart[] = []
  for (const [index, line] of lines.entries()) {
    const isFolded = !isNear[index]
    const last = parts.at(-1)
    if (last?.isFolded === isFolded) last.lines.push(line)
    else parts.push({ isFolded, lines: [line] })
  }
  return withoutShortFolds(parts)
}

function nearChanges(lines: readonly DiffLine[]): boolean[] {
  const near = lines.map(() => false)
  for (const [index, { kind }] of lines.entries()) {
    if (kind === 'same') continue
    const to = Math.min(lines.length - 1, index + CONTEXT)
    for (let at = Math.max(0, index - CONTEXT); at <= to; at++) near[at] = true
  }
  return near
}

/** The line that stands for a fold takes room too. */
function withoutShortFolds(parts: DiffPart[]): DiffPart[] {
  const joined: DiffPart[] = []
  for (const part of parts) {
    const isFolded = part.isFolded && part.lines.length > 2
    const last = joined.at(-1)
    if (last && !last.isFolded && !isFolded) last.lines.push(...part.lines)
    else joined.push({ isFolded, lines: part.lines })
  }
  return joined
}

/** How many lines each side has for itself. */
export function diffCounts(lines: readonly DiffLine[]): { added: number; removed: number } {
  return {
    added: lines.filter(({ kind }) => kind === 'added').length,
    removed: lines.filter(({ kind }) => kind === 'removed').length,
  }
}

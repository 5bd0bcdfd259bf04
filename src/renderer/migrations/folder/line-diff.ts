// The difference of two texts by lines: the longest common subsequence, so that as few lines as possible are said to differ.

export interface DiffLine {
  kind: 'same' | 'removed' | 'added'
  text: string
  /** 1-based number in the text before; null for an added line. */
  before: number | null
  /** 1-based number in the text after; null for a removed line. */
  after: number | null
}

/** Cells of the table at most (one byte each): two texts of 6,000 lines without a common beginning or end. */
const CELLS = 36_000_000

const Step = { both: 0, removed: 1, added: 2 } as const

/** The lines of a text; one line break at its end makes no further line. CRLF counts as LF. */
export function linesOf(text: string): string[] {
  if (text === '') return []
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/**
 * All lines of both, in order; where they differ, the removed ones stand before the added ones. Where what differs is more
 * than about 6,000 lines on each side, it is told as a whole: every line of it removed, every line of it added.
 */
export function lineDiff(before: readonly string[], after: readonly string[]): DiffLine[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  const room = Math.min(before.length, after.length) - start
  while (end < room && before[before.length - 1 - end] === after[after.length - 1 - end]) end++

  const result: DiffLine[] = []
  let a = 0
  let b = 0
  const same = () => result.push({ kind: 'same', text: before[a]!, before: ++a, after: ++b })
  const removed = () => result.push({ kind: 'removed', text: before[a]!, before: ++a, after: null })
  const added = () => result.push({ kind: 'added', text: after[b]!, before: null, after: ++b })

  while (a < start) same()
  for (const step of middle(before.slice(start, before.length - end), after.slice(start, after.length - end))) {
    if (step === Step.both) same()
    else if (step === Step.removed) removed()
    else added()
  }
  while (a < before.length) same()
  return result
}

/** What to do, line by line, to get from `a` to `b`. */
function middle(a: readonly string[], b: readonly string[]): number[] {
  if (a.length * b.length > CELLS || a.length === 0 || b.length === 0) {
    return [...a.map(() => Step.removed), ...b.map(() => Step.added)]
  }
  return walk(ways(a, b), a.length, b.length)
}

/** For each pair of places the first step of the best way to the end; rows of `b.length + 1`. */
function ways(a: readonly string[], b: readonly string[]): Uint8Array {
  // Numbers compare faster than texts.
  const ids = new Map<string, number>()
  const idOf = (line: string) => {
    const known = ids.get(line)
    if (known !== undefined) return known
    ids.set(line, ids.size)
    return ids.size - 1
  }
  const left = Int32Array.from(a, idOf)
  const right = Int32Array.from(b, idOf)
  const width = b.length + 1
  const steps = new Uint8Array((a.length + 1) * width).fill(Step.added)
  // Lengths of the longest common subsequence of what is left, of the row below and of this row.
  let below = new Int32Array(width)
  let here = new Int32Array(width)
  for (let i = a.length - 1; i >= 0; i--) {
    here[b.length] = 0
    steps[i * width + b.length] = Step.removed
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * width + j
      if (left[i] === right[j]) {
        here[j] = below[j + 1]! + 1
        steps[at] = Step.both
      } else {
        const isRemoved = below[j]! >= here[j + 1]!
        here[j] = isRemoved ? below[j]! : here[j + 1]!
        steps[at] = isRemoved ? Step.removed : Step.added
      }
    }
    ;[below, here] = [here, below]
  }
  return steps
}

function walk(steps: Uint8Array, rows: number, columns: number): number[] {
  const way: number[] = []
  let i = 0
  let j = 0
  while (i < rows || j < columns) {
    const step = steps[i * (columns + 1) + j]!
    way.push(step)
    if (step !== Step.added) i++
    if (step !== Step.removed) j++
  }
  return removedFirst(way)
}

/** Between two common lines the order does not matter; removed lines first are what people are used to. */
function removedFirst(way: readonly number[]): number[] {
  const ordered: number[] = []
  let held: number[] = []
  for (const step of way) {
    if (step === Step.added) held.push(step)
    else {
      if (step === Step.both) {
        ordered.push(...held)
        held = []
      }
      ordered.push(step)
    }
  }
  return [...ordered, ...held]
}

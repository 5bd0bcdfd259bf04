// Which of many statements failed: the number travels beside the error, whatever the error is turned into on its way.

const numbers = new WeakMap<object, number>()

/** Notes that the statement of this number, from 0, failed with `error`. */
export function failedAt(error: unknown, index: number): void {
  if (typeof error === 'object' && error !== null) numbers.set(error, index)
}

/** The number noted for the error, or for what caused it; null when none was. */
export function placeOfFailure(error: unknown): number | null {
  for (let at = error; typeof at === 'object' && at !== null; at = (at as { cause?: unknown }).cause) {
    const index = numbers.get(at)
    if (index !== undefined) return index
  }
  return null
}

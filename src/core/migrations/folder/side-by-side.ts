// Does the same with many files, a few at a time: the disk is kept busy, and the program is not out of file handles.

/** Results in the order of the items. The first error ends it. */
export async function sideBySide<T, R>(items: readonly T[], work: (item: T) => Promise<R>, most = 32): Promise<R[]> {
  const results: R[] = []
  const waiting = items.entries()
  const worker = async () => {
    for (const [index, item] of waiting) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker))
  return results
}

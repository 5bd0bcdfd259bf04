// What comparisons found, by their ids, for as long as somebody reads their streams.
import type { Core } from '../core.ts'
import type { Listed } from './list-pairs.ts'

const kept = new WeakMap<Core, Map<string, Listed>>()

export function keptComparisons(core: Core): Map<string, Listed> {
  const found = kept.get(core) ?? new Map<string, Listed>()
  kept.set(core, found)
  return found
}

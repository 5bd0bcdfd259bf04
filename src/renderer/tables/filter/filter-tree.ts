// A filter as a tree that is edited part by part: taken out, put in, joined by the other word. Groups never hold a single
// part, nor a group of the same word: what is read is what is there.
import type { Filter, Group } from '../../../shared/filters.ts'

/** The places of the parts that lead to a part, from the outer group; empty for the filter itself. */
export type Path = readonly number[]

export function partAt(filter: Filter, path: Path): Filter | null {
  const [place, ...rest] = path
  if (place === undefined) return filter
  const part = filter.kind === 'group' ? filter.parts[place] : undefined
  return part ? partAt(part, rest) : null
}

/** The filter with another part in this place; null takes it out. */
export function replacePart(filter: Filter, path: Path, part: Filter | null): Filter | null {
  return plain(replaced(filter, path, part))
}

/** Narrows a filter by one more part. */
export function addPart(filter: Filter | null, part: Filter): Filter {
  return filter === null ? part : (plain({ kind: 'group', join: 'and', parts: [filter, part] }) as Filter)
}

/**
 * Joins the parts at `place` and `place + 1` of the group at `path` by the other word. Of more than two parts of the outer
 * group these two become a group of their own; of a group within it all are joined by the other word.
 */
export function flipJoin(filter: Filter, path: Path, place: number): Filter {
  const group = partAt(filter, path)
  if (group?.kind !== 'group') return filter
  const join = group.join === 'and' ? 'or' : 'and'
  const { parts } = group
  const flipped: Group =
    parts.length === 2 || path.length > 0
      ? { ...group, join }
      : {
          ...group,
          parts: [
            ...parts.slice(0, place),
            { kind: 'group', join, parts: parts.slice(place, place + 2) },
            ...parts.slice(place + 2),
          ],
        }
  return replacePart(filter, path, flipped) ?? filter
}

function replaced(filter: Filter, path: Path, part: Filter | null): Filter | null {
  const [place, ...rest] = path
  if (place === undefined) return part
  if (filter.kind === 'condition') return filter
  const parts = filter.parts.flatMap((each, index) => {
    const kept = index === place ? replaced(each, rest, part) : each
    return kept === null ? [] : [kept]
  })
  return parts.length === 0 ? null : { ...filter, parts }
}

/** The same filter without groups of one part or of the word of the group around them. */
export function plain(filter: Filter | null): Filter | null {
  if (filter === null || filter.kind === 'condition') return filter
  const parts = filter.parts.flatMap((each) => {
    const part = plain(each)
    if (part === null) return []
    return part.kind === 'group' && part.join === filter.join ? part.parts : [part]
  })
  const [first] = parts
  return parts.length === 1 && first ? first : parts.length === 0 ? null : { ...filter, parts }
}

// Splits a path for showing it with its middle left out: the beginning may shrink, the end stays readable.

/**
 * `head + tail` is the whole path. The tail is the file name with as many folders above it as fit into `tailLength`
 * characters; a file name longer than that is the tail alone. The screen cuts the head when there is no room.
 */
export function splitPath(path: string, tailLength = 36): { head: string; tail: string } {
  let cut = lastSeparator(path, path.length)
  if (cut <= 0) return { head: '', tail: path }
  for (let next = lastSeparator(path, cut); next > 0; next = lastSeparator(path, next)) {
    if (path.length - next > tailLength) break
    cut = next
  }
  return { head: path.slice(0, cut), tail: path.slice(cut) }
}

/** Where the last `/` or `\` before `end` stands that is followed by a name; -1 when there is none. */
function lastSeparator(path: string, end: number): number {
  for (let at = end - 1; at >= 0; at--) {
    if ((path[at] === '/' || path[at] === '\\') && at < path.length - 1) return at
  }
  return -1
}

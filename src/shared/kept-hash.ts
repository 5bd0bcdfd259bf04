// A new password hash while it is staged: the hash stays in the host, and the page holds a text that names it.

/** What the text begins with; no hash and no password of any scheme does. */
const MARK = 'roster:kept-hash:'

/** `scheme`: "argon2id", "bcrypt"; "none" stands for NULL, which locks the row. `id` without a colon. */
export function keptHash(scheme: string, id: string): string {
  return `${MARK}${scheme}:${id}`
}

/** The scheme of the hash that a staged value of a password column names; null for any other text. */
export function schemeOfKept(value: unknown): string | null {
  if (typeof value !== 'string' || !value.startsWith(MARK)) return null
  const rest = value.slice(MARK.length)
  const end = rest.lastIndexOf(':')
  return end > 0 ? rest.slice(0, end) : null
}

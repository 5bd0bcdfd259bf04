// Reads one file of a folder with a limit, and says in words why it cannot be read.
import { readFile, stat } from 'node:fs/promises'

/** Bytes of one file. Longer ones hold data, and are not shown, hashed or run. */
export const LARGEST_FILE = 5 * 1024 * 1024

export type ReadText = { text: string } | { bytes: Buffer } | { problem: string }

/** `bytes` when it is not UTF-8. `name` is what the problem calls it. A byte order mark is no part of the text. */
export async function readText(path: string, name: string): Promise<ReadText> {
  try {
    const facts = await stat(path)
    // Reading a pipe would wait for whoever writes into it.
    if (!facts.isFile()) return { problem: `${name} is no file, and is left out.` }
    if (facts.size > LARGEST_FILE) {
      return { problem: `${name} is larger than 5 MB, and is left out. Split it, or load the data in another way.` }
    }
    const bytes = await readFile(path)
    try {
      return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
    } catch {
      return { bytes }
    }
  } catch (error) {
    return { problem: `${name} cannot be read (${reasonOf(error)}), and is left out. Check its permissions.` }
  }
}

/** The system's word for what went wrong, as a person would say it. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error)
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'ELOOP') return 'its links lead in a circle'
  if (code === 'ENOSPC') return 'the disk is full'
  if (code === 'EROFS') return 'the disk is read-only'
  return error instanceof Error ? error.message : String(error)
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

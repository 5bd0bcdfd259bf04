// Reads a small file of the person's, which may turn out to be anything: a pipe, a device, a huge file.
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/** Bytes; a system's whole list of authorities has a quarter of it. */
const LONGEST = 1_048_576

/** Rejects with the system's words, or with what is wrong with it. */
export async function readSmallFile(path: string): Promise<Buffer> {
  // Without O_NONBLOCK, opening a pipe would wait for somebody to write; Windows has neither.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const found = await file.stat()
    // Of a device there may be no end.
    if (!found.isFile()) throw new Error('It is no file.')
    if (found.size > LONGEST)
      throw new Error(`It has ${found.size} bytes; a certificate or a key has at most ${LONGEST}.`)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(found.size), 0, found.size, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

// What the first 100 bytes of a SQLite file say of the rest, so that a file that was cut off or overwritten is told before SQLite opens
// it: in a file with a write-ahead log, opening would leave two more files behind.

const MAGIC = 'SQLite format 3\0'
/** A header has so many bytes, and no page is smaller than 512. */
const LENGTH = 100

export const hasMagic = (sample: Uint8Array): boolean =>
  Buffer.from(sample.subarray(0, MAGIC.length)).toString('latin1') === MAGIC

/** Bytes that no other kind of file is likely to have at these places: the page size, both versions, and the three fixed fractions. */
export function looksLikeHeader(sample: Uint8Array): boolean {
  const size = pageSizeIn(sample)
  const isPower = size >= 512 && (size & (size - 1)) === 0
  const [write = 0, read = 0, , ...fractions] = sample.subarray(18, 24)
  return sample.length >= LENGTH && isPower && write <= 2 && read <= 2 && fractions.join() === '64,32,32'
}

/** Bytes that the file had when it was written last, where its header tells; null where it does not. */
export function sizeTold(sample: Uint8Array): number | null {
  if (sample.length < LENGTH || !hasMagic(sample)) return null
  const header = Buffer.from(sample.buffer, sample.byteOffset, LENGTH)
  // Programs before SQLite 3.7 change a file without telling its size; the two counters differ then.
  const isTold = header.readUInt32BE(24) === header.readUInt32BE(92)
  const pages = header.readUInt32BE(28)
  return isTold && pages > 0 ? pages * pageSizeIn(sample) : null
}

function pageSizeIn(sample: Uint8Array): number {
  const size = ((sample[16] ?? 0) << 8) | (sample[17] ?? 0)
  return size === 1 ? 65_536 : size
}

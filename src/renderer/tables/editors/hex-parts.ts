// Bytes as lines of hexadecimal digits, in parts that a field can hold.

/** Bytes of one part. */
export const PART = 512
/** Bytes of one line. */
const LINE = 16

const two = (byte: number) => byte.toString(16).padStart(2, '0')

/** Sixteen bytes to a line, with a gap in the middle. */
export function hexLines(bytes: Uint8Array, part: number): string {
  const lines: string[] = []
  const end = Math.min((part + 1) * PART, bytes.length)
  for (let at = part * PART; at < end; at += LINE) {
    const codes = Array.from(bytes.subarray(at, Math.min(at + LINE, end)), two)
    lines.push([codes.slice(0, 8).join(' '), codes.slice(8).join(' ')].filter(Boolean).join('  '))
  }
  return lines.join('\n')
}

/** The bytes of a text of digits, with or without 0x before them; null when it is no such text. */
export function bytesOfHex(text: string): Uint8Array | null {
  const digits = text.trim().replace(/^0x/i, '').replace(/\s+/g, '')
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) return null
  const bytes = new Uint8Array(digits.length / 2)
  for (let at = 0; at < bytes.length; at++) bytes[at] = parseInt(digits.slice(at * 2, at * 2 + 2), 16)
  return bytes
}

/** The bytes with others in the place of one part. */
export function replacePart(bytes: Uint8Array, part: number, by: Uint8Array): Uint8Array {
  const [before, after] = [bytes.subarray(0, part * PART), bytes.subarray((part + 1) * PART)]
  const all = new Uint8Array(before.length + by.length + after.length)
  all.set(before)
  all.set(by, before.length)
  all.set(after, before.length + by.length)
  return all
}

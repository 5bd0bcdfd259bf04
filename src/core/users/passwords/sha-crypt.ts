// SHA-crypt ($5$ and $6$), by Ulrich Drepper's specification, "Unix crypt using SHA-256 and SHA-512" (version 0.6); step
// numbers are the specification's.
import { createSHA256, createSHA512 } from 'hash-wasm'
import { CRYPT_LETTERS } from './spellings.ts'

/** Rounds below and beyond are taken for these. */
const LEAST = 1_000
const MOST = 999_999_999
const USUAL = 5_000

type Digest = (...parts: readonly Uint8Array[]) => Uint8Array

/** The whole hash of `password` with the settings (scheme, rounds, salt) of `hash`. */
export async function shaCrypt(password: Buffer, hash: string): Promise<string> {
  const [, kind = '', rounds, salt = ''] = /^\$([56])\$(?:rounds=(\d+)\$)?([^$]{0,16})/.exec(hash) ?? []
  const hasher = await (kind === '6' ? createSHA512() : createSHA256())
  const digest: Digest = (...parts) => {
    hasher.init()
    for (const part of parts) hasher.update(part)
    return hasher.digest('binary')
  }
  const count = Math.min(MOST, Math.max(LEAST, rounds === undefined ? USUAL : Number(rounds)))
  const said = rounds === undefined ? '' : `rounds=${count}$`
  const bytes = rounded(digest, password, Buffer.from(salt, 'utf8'), count)
  return `$${kind}$${said}${salt}$${spelled(bytes)}`
}

/** `text` again and again, as long as `length`. */
function stretched(text: Uint8Array, length: number): Buffer {
  return Buffer.alloc(length, text)
}

function rounded(digest: Digest, password: Buffer, salt: Buffer, count: number): Uint8Array {
  // 4 to 8.
  const b = digest(password, salt, password)
  // 1 to 3, 9 to 12.
  const parts: Uint8Array[] = [password, salt, stretched(b, password.length)]
  for (let bits = password.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? b : password)
  let a = digest(...parts)
  // 13 to 16, and 17 to 20.
  const times = (text: Buffer, often: number) => digest(...Array.from({ length: often }, () => text))
  const p = stretched(times(password, password.length), password.length)
  const s = stretched(times(salt, 16 + (a[0] ?? 0)), salt.length)
  // 21.
  for (let round = 0; round < count; round++) {
    const isOdd = round % 2 === 1
    const own: Uint8Array[] = [isOdd ? p : a]
    if (round % 3 !== 0) own.push(s)
    if (round % 7 !== 0) own.push(p)
    own.push(isOdd ? a : p)
    a = digest(...own)
  }
  return a
}

/** 22: three bytes at a time in an order of the specification's, four letters each, the lowest six bits first. */
function spelled(bytes: Uint8Array): string {
  const isLong = bytes.length === 64
  const third = isLong ? 21 : 10
  let text = ''
  const add = (value: number, letters: number) => {
    for (let left = value, index = 0; index < letters; index++, left >>= 6) text += CRYPT_LETTERS[left & 63] ?? ''
  }
  const at = (place: number) => bytes[place] ?? 0
  for (let group = 0; group < third; group++) {
    const places = [group, group + third, group + 2 * third]
    // From group to group the three go round by one place: to the left in the long hash, to the right in the short one.
    const turn = (isLong ? group : 3 - (group % 3)) % 3
    const [high = 0, middle = 0, low = 0] = [...places.slice(turn), ...places.slice(0, turn)]
    add((at(high) << 16) | (at(middle) << 8) | at(low), 4)
  }
  if (isLong) add(at(63), 2)
  else add((at(31) << 8) | at(30), 3)
  return text
}

// What a verb needs that differs each time: this moment, and keys that nobody can guess.
import type { Chance } from '../../../shared/user-verbs.ts'

/** uuid4 in hex, 32 digits, as Flask-Security makes fs_uniquifier. */
export function uuid4Hex(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export const chanceNow = (): Chance => ({ now: new Date().toISOString(), uuid: uuid4Hex })

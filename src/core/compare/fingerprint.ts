// Short numbers that stand for long texts, so that a million rows can be compared without being held.
import { randomInt } from 'node:crypto'

/** Numbers of one fingerprint. */
export const LANES = 2

/**
 * Writes 64 bits that are the same for the same text into `into` from `at` on. Two texts share them once in 2^64. The seed is
 * drawn for each comparison, so nobody can write rows that only look the same.
 */
export function fingerprinter(): (text: string, into: Uint32Array, at: number) => void {
  const seeds = [randomInt(2 ** 32), randomInt(2 ** 32)] as const
  return (text, into, at) => {
    let [a, b] = seeds
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index)
      a = Math.imul(a ^ unit, 0x9e3779b1)
      a = (a << 13) | (a >>> 19)
      b = Math.imul(b ^ unit, 0x85ebca77)
      b = (b << 17) | (b >>> 15)
    }
    into[at] = finish(a ^ Math.imul(text.length, 0xc2b2ae3d), b)
    into[at + 1] = finish(b ^ Math.imul(text.length, 0x27d4eb2f), a)
  }
}

function finish(value: number, other: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x2c1b3c6d) ^ Math.imul(other ^ (other >>> 15), 0x297a2d39)
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x2c1b3c6d)
  return (mixed ^ (mixed >>> 15)) >>> 0
}

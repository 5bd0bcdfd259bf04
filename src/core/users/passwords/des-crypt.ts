// DES crypt, the 13 letters of the first crypt(3): the Data Encryption Standard by FIPS 46-3, 25 times over 64 zeros, with the
// salt's bits exchanging halves of its expansion (R. Morris, K. Thompson, "Password Security: A Case History", 1979).
import { CRYPT_LETTERS } from './spellings.ts'

/** One bit each. All tables count from 1, as FIPS 46-3 does. */
type Bits = number[]

/** The tables of FIPS 46-3, by its names; what is regular is computed. */
const IP = [2, 4, 6, 8, 1, 3, 5, 7].flatMap((first) => Array.from({ length: 8 }, (_, row) => first + 56 - 8 * row))
const IP_INVERSE = Array.from({ length: 64 }, (_, index) => IP.indexOf(index + 1) + 1)
const E = Array.from({ length: 48 }, (_, index) => ((Math.floor(index / 6) * 4 + (index % 6) + 31) % 32) + 1)
const P = [
  16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25,
]
const PC1 = [
  57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36, 63, 55,
  47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
]
const PC2 = [
  14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52, 31, 37, 47, 55, 30,
  40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
]
const SHIFTS = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1]
/** S1 to S8, four rows of 16 each, in hexadecimal. */
const S = [
  'e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d',
  'f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9',
  'a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c',
  '7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e',
  '2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453',
  'c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d',
  '4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c',
  'd2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b',
]

const picked = (bits: Bits, table: readonly number[]): Bits => table.map((place) => bits[place - 1] ?? 0)
const turned = (bits: Bits, by: number): Bits => [...bits.slice(by), ...bits.slice(0, by)]

/** The 16 keys of the rounds. */
function keysOf(key: Bits): Bits[] {
  const chosen = picked(key, PC1)
  let [c, d] = [chosen.slice(0, 28), chosen.slice(28)]
  return SHIFTS.map((by) => {
    c = turned(c, by)
    d = turned(d, by)
    return picked([...c, ...d], PC2)
  })
}

function rounded(half: Bits, key: Bits, expansion: readonly number[]): Bits {
  const mixed = picked(half, expansion).map((bit, index) => bit ^ (key[index] ?? 0))
  const chosen = S.flatMap((box, index) => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mixed.slice(6 * index, 6 * index + 6)
    const value = parseInt(box.charAt(16 * (2 * a + f) + 8 * b + 4 * c + 2 * d + e), 16)
    return [(value >> 3) & 1, (value >> 2) & 1, (value >> 1) & 1, value & 1]
  })
  return picked(chosen, P)
}

/** The 13 letters for `password`, of which eight bytes count, with the salt of `hash`. */
export function desCrypt(password: Buffer, hash: string): string {
  const key = Array.from({ length: 64 }, (_, bit) => {
    const letter = password[Math.floor(bit / 8)] ?? 0
    // Seven bits of each, and none for parity.
    return bit % 8 === 7 ? 0 : (letter >> (6 - (bit % 8))) & 1
  })
  const salt = CRYPT_LETTERS.indexOf(hash.charAt(0)) + 64 * CRYPT_LETTERS.indexOf(hash.charAt(1))
  const expansion = E.map((place, index) => ((salt >> (index % 24)) & 1 ? (E[(index + 24) % 48] ?? 0) : place))
  const keys = keysOf(key)
  let block: Bits = Array.from({ length: 64 }, () => 0)
  for (let time = 0; time < 25; time++) {
    const mixed = picked(block, IP)
    let [left, right] = [mixed.slice(0, 32), mixed.slice(32)]
    for (const each of keys) {
      const next = rounded(right, each, expansion)
      ;[left, right] = [right, left.map((bit, index) => bit ^ (next[index] ?? 0))]
    }
    block = picked([...right, ...left], IP_INVERSE)
  }
  const bits = [...block, 0, 0]
  const letters = Array.from({ length: 11 }, (_, index) =>
    CRYPT_LETTERS.charAt(parseInt(bits.slice(6 * index, 6 * index + 6).join(''), 2)),
  )
  return hash.slice(0, 2) + letters.join('')
}

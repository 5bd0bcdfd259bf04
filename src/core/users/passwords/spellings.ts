// The ways in which hashes spell bytes: base64 with and without padding, and the alphabets of passlib and crypt(3).

/** base64 without padding. */
export const bare = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replaceAll('=', '')

/** passlib's own: base64 without padding, with "." for "+". */
export const adapted = (bytes: Uint8Array): string => bare(bytes).replaceAll('+', '.')

export const fromAdapted = (text: string): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64')

/** Of crypt(3): each place is worth six bits. */
export const CRYPT_LETTERS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const BCRYPT_LETTERS = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const BASE64_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const respelled = (text: string, from: string, to: string) =>
  [...text].map((letter) => to[from.indexOf(letter)] ?? '').join('')

/** The 16 bytes of bcrypt's salt, of its 22 letters. */
export const fromBcrypt = (text: string): Buffer =>
  Buffer.from(respelled(text, BCRYPT_LETTERS, BASE64_LETTERS), 'base64').subarray(0, 16)

const SALT_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** A salt of letters and digits, each as likely as any other. */
export function saltOf(length: number, random: (count: number) => Uint8Array): string {
  let salt = ''
  // Of 256 values the last eight would make some letters likelier.
  const most = 256 - (256 % SALT_LETTERS.length)
  while (salt.length < length) {
    for (const byte of random(length)) {
      if (byte < most && salt.length < length) salt += SALT_LETTERS[byte % SALT_LETTERS.length] ?? ''
    }
  }
  return salt
}

// A password that nobody can guess, of signs that people can read out and type.
/** Without those that look alike: 0 O, 1 l I. */
const SIGNS = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
/** Groups of five, 20 signs: 116 bits. */
const LENGTH = 20

export function strongPassword(): string {
  const signs: string[] = []
  // Bytes beyond the last whole multiple are left out: each sign is as likely as any other.
  const most = 256 - (256 % SIGNS.length)
  while (signs.length < LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) {
      if (byte < most && signs.length < LENGTH) signs.push(SIGNS[byte % SIGNS.length] as string)
    }
  }
  return signs.join('').replace(/.{5}(?=.)/g, '$&-')
}

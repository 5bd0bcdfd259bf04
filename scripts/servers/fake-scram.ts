// The server's end of SCRAM-SHA-256 (RFC 5802, RFC 7677), for the fake PostgreSQL.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'

const ROUNDS = 4096

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()

export interface Scram {
  /** The server's first message. */
  challenge: string
  /** The server's last message when the proof is right, null otherwise. */
  finish(clientFinal: string): string | null
}

/** `clientFirst`: "n,,n=user,r=nonce". */
export function beginScram(clientFirst: string, password: string): Scram {
  const bare = clientFirst.split(',').slice(2).join(',')
  const nonce = (/r=([^,]+)/.exec(bare)?.[1] ?? '') + randomBytes(12).toString('base64')
  const salt = randomBytes(16)
  const challenge = `r=${nonce},s=${salt.toString('base64')},i=${ROUNDS}`
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ROUNDS, 32, 'sha256')
  return {
    challenge,
    finish(clientFinal) {
      const [withoutProof = '', proof = ''] = clientFinal.split(',p=')
      const auth = `${bare},${challenge},${withoutProof}`
      const clientKey = hmac(salted, 'Client Key')
      const signature = hmac(createHash('sha256').update(clientKey).digest(), auth)
      const expected = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)))
      if (!withoutProof.includes(`r=${nonce}`) || expected.toString('base64') !== proof) return null
      return `v=${hmac(hmac(salted, 'Server Key'), auth).toString('base64')}`
    },
  }
}

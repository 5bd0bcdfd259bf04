// What the algorithm gets of a password: as it was given, or what Flask-Security makes of it first.
import { createHmac } from 'node:crypto'

/** As Flask-Security's forms give a password on, unless SECURITY_PASSWORD_NORMALIZE_FORM says otherwise. */
export const normalised = (password: string): string => password.normalize('NFKD')

/** Flask-Security's double hash: 88 letters of base64, of which bcrypt takes the first 72. */
export const doubled = (password: string, salt: string): string =>
  createHmac('sha512', Buffer.from(salt, 'utf8')).update(password, 'utf8').digest('base64')

/** Bytes of a password that bcrypt looks at. */
export const BCRYPT_BYTES = 72

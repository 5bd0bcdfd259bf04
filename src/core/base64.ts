// Bytes to base64 in Node, for the contract's serializers.
import type { Base64 } from '../shared/serializers.ts'

export const base64: Base64 = {
  encode: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
  decode: (text) => new Uint8Array(Buffer.from(text, 'base64')),
}

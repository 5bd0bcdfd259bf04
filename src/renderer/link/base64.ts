// Bytes to base64 in the page: the browser's own conversion where it has one.
import type { Base64 } from '../../shared/serializers.ts'

/** In Chromium since 140; the DOM types do not know them yet. */
const { fromBase64 } = Uint8Array as { fromBase64?: (this: void, text: string) => Uint8Array }
const { toBase64 } = Uint8Array.prototype as { toBase64?: (this: Uint8Array) => string }

export const base64: Base64 = {
  encode(bytes) {
    if (toBase64) return toBase64.call(bytes)
    let binary = ''
    // Arguments go over the stack, so a few thousand at a time.
    for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
    return btoa(binary)
  },
  decode(text) {
    if (fromBase64) return fromBase64(text)
    const binary = atob(text)
    const bytes = new Uint8Array(binary.length)
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = binary.charCodeAt(at)
    return bytes
  },
}

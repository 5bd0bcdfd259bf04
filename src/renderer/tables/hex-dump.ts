// Bytes as people who look at bytes expect them: offset, sixteen bytes, and the letters among them.

const WIDTH = 16

export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += WIDTH) {
    const part = Array.from(bytes.subarray(at, at + WIDTH))
    const codes = part.map((byte) => byte.toString(16).padStart(2, '0'))
    const left = codes.slice(0, 8).join(' ').padEnd(23)
    const right = codes.slice(8).join(' ').padEnd(23)
    const letters = part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·')).join('')
    lines.push(`${at.toString(16).padStart(8, '0')}  ${left}  ${right}  ${letters}`)
  }
  return lines.join('\n')
}

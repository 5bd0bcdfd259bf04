// Saves bytes of a cell as a file: where, the browser or the window asks.

/** Milliseconds after which the bytes are let go of; the download has begun long before. */
const KEPT = 60_000

export function saveBytes(fileName: string, bytes: Uint8Array): void {
  const address = URL.createObjectURL(new Blob([bytes.slice()], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = address
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), KEPT)
}

// Saves a text that the page has made as a file: where, the browser or the window asks.

/** Milliseconds after which the text is let go of; the download has begun long before. */
const KEPT = 60_000

export function saveText(fileName: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = address
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), KEPT)
}

// Puts a text on the clipboard and says so. Browsers take it only soon after a key or a click: where it came too late, one more
// click does it.
import type { TableModel } from '../table-model.ts'

export async function putOnClipboard(model: TableModel, text: string, words: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    model.set({ notice: { tone: 'good', text: words } })
  } catch {
    const again = { label: 'Copy now', perform: () => void putOnClipboard(model, text, words) }
    model.set({
      notice: { tone: 'note', text: 'The text is ready; the clipboard did not take it yet.', action: again },
    })
  }
}

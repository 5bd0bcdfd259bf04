// Draws its content after everything else that changed with it: a key that is held moves the cell first, and buttons follow.
import { useDeferredValue, type ReactNode } from 'react'

/** Not for what shows the text that is being typed: it would show an older one for a moment. */
export function Later({ children }: { children: ReactNode }) {
  return useDeferredValue(children)
}

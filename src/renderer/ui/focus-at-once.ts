// The first field of a dialog takes the keys as soon as it is there. Mantine gives it the focus a moment later, and what is typed in
// between would go to the grid behind the dialog.

/** To be given as `ref`. */
export function focusAtOnce(element: HTMLElement | null): void {
  element?.focus()
}

// Gives the keys to the grid, when what had them is gone.

export function focusGrid(): void {
  // React has not drawn yet what a click has changed.
  setTimeout(() => document.querySelector<HTMLElement>('main [role=grid]')?.focus())
}

// Trusted Types: no text becomes markup or code in this page, except the CSS that the UI library puts into style elements.

interface PolicyFactory {
  createPolicy(name: string, rules: { createHTML(text: string): string }): unknown
}

/**
 * React and Mantine write CSS through innerHTML of `<style>` elements. Such text holds no '<'; anything that does could
 * be markup, and is refused. Without rules for scripts, every script from a string is refused by the browser.
 */
export function cssOnly(text: string): string {
  if (text.includes('<')) throw new TypeError('Text that could be markup was kept out of the page.')
  return text
}

/** The name `default` makes the browser apply the policy to plain strings. Browsers without Trusted Types go on without. */
export function installTrustedTypes(): void {
  const factory = (window as { trustedTypes?: PolicyFactory }).trustedTypes
  factory?.createPolicy('default', { createHTML: cssOnly })
}

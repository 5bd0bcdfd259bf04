// The nonce of this document, which the host put into its policy: style elements made by the page must carry it.

/** The nonce for `<style>` elements; empty where no host filled it in. */
export function styleNonce(): string {
  const nonce = document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? ''
  return nonce.startsWith('__') ? '' : nonce
}

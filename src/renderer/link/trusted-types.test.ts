import { describe, expect, it } from 'vitest'
import { cssOnly } from './trusted-types.ts'

describe('the page’s policy for text that becomes markup', () => {
  it('lets CSS through as it is', () => {
    const css = ':root{--a:1px}@media (min-width:1px){a>b{content:"&"}}'
    expect(cssOnly(css)).toBe(css)
    expect(cssOnly('')).toBe('')
  })

  it('keeps out whatever could be markup', () => {
    for (const text of [
      '<',
      '<img src=x onerror=alert(1)>',
      'a{}</style><script>1</script>',
      '<!--',
      '\n<svg/onload=1>',
    ]) {
      expect(() => cssOnly(text)).toThrow('kept out')
    }
  })
})

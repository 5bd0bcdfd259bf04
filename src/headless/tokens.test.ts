import { describe, expect, it } from 'vitest'
import { createTokens } from './tokens.ts'

function secretOf(exchanged: ReturnType<ReturnType<typeof createTokens>['exchange']>): string {
  if (typeof exchanged === 'string') throw new Error(exchanged)
  return exchanged.secret
}

describe('one-time tokens', () => {
  it('are 256 bits, never the same, and become a session once', () => {
    const tokens = createTokens()
    const token = tokens.issue()
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    expect(tokens.issue()).not.toBe(token)
    const secret = secretOf(tokens.exchange(token))
    expect(secret).not.toBe(token)
    expect(tokens.isSession(secret)).toBe(true)
    expect(tokens.exchange(token)).toBe('wrong')
  })

  it('end after 10 minutes', () => {
    let now = 1_000_000
    const tokens = createTokens(() => now)
    const [early, late] = [tokens.issue(), tokens.issue()]
    now += 10 * 60_000 - 1
    expect(tokens.exchange(early)).toHaveProperty('secret')
    now += 1
    expect(tokens.exchange(late)).toBe('wrong')
  })

  it('refuse everything else', () => {
    const tokens = createTokens()
    const token = tokens.issue()
    for (const wrong of [undefined, null, '', 0, {}, [token], token.slice(1), `${token} `, token.toUpperCase()]) {
      expect(tokens.exchange(wrong)).toBe('wrong')
    }
    for (const wrong of [undefined, null, '', token, {}]) expect(tokens.isSession(wrong)).toBe(false)
    expect(tokens.exchange(token)).toHaveProperty('secret')
  })

  it('are not looked at after 20 wrong ones in a minute', () => {
    let now = 1_000_000
    const tokens = createTokens(() => now)
    const token = tokens.issue()
    for (let wrong = 0; wrong < 20; wrong += 1) expect(tokens.exchange(`guess ${wrong}`)).toBe('wrong')
    expect(tokens.exchange(token)).toBe('busy')
    now += 60_001
    expect(tokens.exchange(token)).toHaveProperty('secret')
  })

  it('are at most 20 at a time: the oldest is dropped', () => {
    const tokens = createTokens()
    const first = tokens.issue()
    const others = Array.from({ length: 20 }, () => tokens.issue())
    expect(tokens.exchange(first)).toBe('wrong')
    expect(tokens.exchange(others[0])).toHaveProperty('secret')
  })
})

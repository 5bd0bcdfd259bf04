import { describe, expect, it } from 'vitest'
import { fileAsked, mayHavePort, mayNavigate, mayOpenOutside } from './rules.ts'

const foreign = [
  'https://example.com/',
  'http://127.0.0.1:4000/',
  'file:///etc/passwd',
  'data:text/html,hello',
  'javascript:alert(1)',
  'about:blank',
  'app://roster.evil/',
  'app://evil/',
  'app://roster@evil/',
  'app://evil@roster/',
  'app:roster/',
  'apps://roster/',
  'blob:app://roster/1',
  'not an address',
  '',
]

describe('the window', () => {
  it('stays on its own document', () => {
    expect(['app://roster/', 'app://roster/index.html', 'app://roster/#users'].filter(mayNavigate)).toHaveLength(3)
    expect([...foreign, 'app://roster/assets/main.js', 'app://roster/other.html'].filter(mayNavigate)).toEqual([])
  })

  it('opens only https outside', () => {
    expect(mayOpenOutside('https://example.com/page?a=1#b')).toBe(true)
    const refused = [
      'http://example.com',
      'https://user:password@example.com/',
      'mailto:a@b.c',
      'smb://host/share',
      ...foreign.slice(2),
    ]
    expect(refused.filter(mayOpenOutside)).toEqual([])
  })
})

describe('the scheme', () => {
  const asked = (url: string, method = 'GET') => fileAsked({ method, url })

  it('takes reads of its own origin', () => {
    expect(asked('app://roster/')).toBe('/')
    expect(asked('app://roster/assets/main.js?v=1', 'HEAD')).toBe('/assets/main.js')
  })

  it('takes nothing else', () => {
    for (const url of foreign) expect([url, asked(url)]).toEqual([url, null])
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect(asked('app://roster/', method)).toBeNull()
  })
})

describe('the port', () => {
  const page = { url: 'app://roster/', origin: 'app://roster', frameTreeNodeId: 1 }

  it('goes to the main frame of our document', () => {
    expect(mayHavePort(page, page)).toBe(true)
  })

  it('goes to nobody else', () => {
    // The same document in a frame inside the page is not the main frame.
    expect(mayHavePort({ ...page, frameTreeNodeId: 2 }, page)).toBe(false)
    expect(mayHavePort(null, page)).toBe(false)
    expect(mayHavePort(null, null)).toBe(false)
    for (const url of foreign) {
      const frame = { ...page, url, origin: 'null' }
      expect(mayHavePort(frame, frame)).toBe(false)
      const lying = { ...page, url }
      expect(mayHavePort(lying, lying)).toBe(false)
    }
    const moved = { ...page, origin: 'https://example.com' }
    expect(mayHavePort(moved, moved)).toBe(false)
  })
})

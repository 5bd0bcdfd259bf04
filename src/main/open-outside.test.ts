// The one way out, with what it hands to the system written down instead.
import { beforeEach, expect, it, vi } from 'vitest'

const opened = vi.hoisted((): string[] => [])
vi.mock('electron', () => ({
  shell: { openExternal: (url: string) => Promise.resolve(void opened.push(url)) },
}))
const { openOutside } = await import('./open-outside.ts')

beforeEach(() => void opened.splice(0))

it('hands https addresses to the browser', async () => {
  await openOutside('https://example.com/page?a=1#b')
  expect(opened).toEqual(['https://example.com/page?a=1#b'])
})

it('hands them over as they were read and judged', async () => {
  await openOutside('https:\\\\EXAMPLE.com\\a b"&calc')
  expect(opened).toEqual(['https://example.com/a%20b%22&calc'])
})

it.each([
  'http://example.com/',
  'file:///etc/passwd',
  'file://server/share/program.exe',
  'smb://server/share',
  'ms-msdt:/id PCWDiagnostic',
  'search-ms:query=x',
  'javascript:alert(1)',
  'data:text/html,<script>1</script>',
  'vbscript:1',
  'mailto:a@example.com',
  'tel:1',
  'roster:open',
  'app://roster/',
  'https:example.com@evil.example\\..',
  'https://name:password@example.com/',
  '/usr/bin/true',
  'C:\\Windows\\System32\\calc.exe',
  '\\\\server\\share\\program.exe',
  ' ',
  '',
])('hands nothing else to anybody: %j', async (url) => {
  await expect(openOutside(url)).rejects.toThrow('Only https addresses are opened outside of Roster.')
  expect(opened).toEqual([])
})

// Links that anybody can write: what fills in the form, and that everything else is refused with words.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isRosterLink, readRosterLink } from './roster-link.ts'

const onLinux = (text: string) => readRosterLink(text, 'linux')
const onWindows = (text: string) => readRosterLink(text, 'win32')
const file = (path: string) => ({ fill: 'open-file', path })
const refused = (why: RegExp) => ({ refused: expect.stringMatching(why) as string })

test.each([
  'roster:open?file=/home/ann/users.db',
  'roster:open?file=%2Fhome%2Fann%2Fusers.db',
  'roster://open?file=/home/ann/users.db',
  'roster://open/?file=/home/ann/users.db',
  'ROSTER:Open?file=/home/ann/users.db',
])('%s fills in the form', (link) => {
  expect(onLinux(link)).toEqual(file('/home/ann/users.db'))
})

test('spaces, plus signs, percent signs and other scripts arrive as they are', () => {
  const path = '/home/ann/My Data/a+b 100% é 名簿.db'
  expect(onLinux(`roster:open?file=${encodeURIComponent(path)}`)).toEqual(file(path))
  expect(onLinux('roster:open?file=/a+b.db')).toEqual(file('/a+b.db'))
  expect(onWindows('roster:open?file=C%3A%5CUsers%5Cann%5Cusers.db')).toEqual(file('C:\\Users\\ann\\users.db'))
  expect(onWindows('roster:open?file=c:/Users/ann/users.db')).toEqual(file('c:/Users/ann/users.db'))
})

describe('refused', () => {
  test.each<[string, RegExp]>([
    ['roster:', /not written as/],
    ['roster:open', /names no file/],
    ['roster:open?', /names no file/],
    ['roster:open?file', /cannot fill in/],
    ['roster:open?file=', /names no file/],
    ['roster:connect?host=db', /“open” links only/],
    ['roster:delete?file=/a.db', /“open” links only/],
    ['roster:open/more?file=/a.db', /not written as/],
    ['roster://user:word@open?file=/a.db', /not written as/],
    ['roster://open:80?file=/a.db', /not written as/],
    ['roster:///open?file=/a.db', /not written as/],
    ['roster:open?file=/a.db#file=/b.db', /not written as/],
    ['roster:open?file=/a.db?file=/b.db', /not written as/],
    ['roster:open?file=/a.db\n', /cannot be shown|not written as/],
    [' roster:open?file=/a.db', /not written as/],
    ['roster:open?file=/a.db&file=/b.db', /more than one file/],
    ['roster:open?file=/a.db&file=/a.db', /more than one file/],
    ['roster:open?file=/a.db&', /cannot fill in/],
    ['roster:open?file=/a.db&open=now', /cannot fill in/],
    ['roster:open?FILE=/a.db', /cannot fill in/],
    ['roster:open?__proto__=/a.db', /cannot fill in/],
    ['roster:open?constructor=/a.db', /cannot fill in/],
    ['roster:open?%66ile=/a.db', /cannot fill in/],
    ['roster:open?file[]=/a.db', /cannot fill in/],
    ['roster:open?file=/a.db&password=x', /password/],
    ['roster:open?PWD=x&file=/a.db', /password/],
    ['roster:open?db_pass=x', /password/],
    ['roster:open?access_token=x', /password/],
    ['roster:open?file=/a%', /percent-encoding/],
    ['roster:open?file=/a%ff', /percent-encoding/],
    ['roster:open?file=/a%c0%af', /percent-encoding/],
    ['roster:open?file=/a%00.db', /cannot be shown/],
    ['roster:open?file=/a%0a.db', /cannot be shown/],
    ['roster:open?file=/a%1b[2J.db', /cannot be shown/],
    ['roster:open?file=/a%7f', /cannot be shown/],
    ['roster:open?file=/a%c2%85', /cannot be shown/],
    ['roster:open?file=/a%e2%80%aebd.exe', /cannot be shown/],
    ['roster:open?file=/a%e2%80%8b.db', /cannot be shown/],
    ['roster:open?file=/a%e2%80%a8.db', /cannot be shown/],
    ['roster:open?file=/a%c2%a0.db', /cannot be shown/],
    ['roster:open?file=users.db', /full path/],
    ['roster:open?file=./users.db', /full path/],
    ['roster:open?file=~/users.db', /full path/],
    ['roster:open?file=file:///a.db', /full path/],
    ['roster:open?file=https://evil.example/a.db', /full path/],
    ['roster:open?file=//server/share/a.db', /full path/],
    ['roster:open?file=/', /full path/],
    ['roster:open?file=C:\\a.db', /full path/],
    ['roster:open?file=/home/../etc/passwd', /detours/],
    ['roster:open?file=/home/%2e%2e/etc/passwd', /detours/],
    ['roster:open?file=/home/./a.db', /detours/],
    ['roster:open?file=/home//a.db', /detours/],
    ['roster:open?file=/home/', /detours/],
    [`roster:open?file=/${'a'.repeat(1024)}`, /longer than 1024/],
    [`roster:open?file=/${'a'.repeat(5000)}`, /longer than 4096/],
  ])('%j', (link, why) => {
    expect(onLinux(link)).toEqual(refused(why))
  })

  test.each<[string, RegExp]>([
    ['\\\\server\\share\\a.db', /full path/],
    ['//server/share/a.db', /full path/],
    ['\\\\?\\C:\\a.db', /full path/],
    ['\\\\.\\PhysicalDrive0', /full path/],
    ['C:a.db', /full path/],
    ['C:\\a.db:stream', /full path/],
    ['C:\\', /full path/],
    ['/home/a.db', /full path/],
    ['\\a.db', /full path/],
    ['C:\\a\\..\\b.db', /detours/],
    ['C:\\a/../b.db', /detours/],
    ['C:\\a\\\\b.db', /detours/],
  ])('on Windows %j', (path, why) => {
    expect(onWindows(`roster:open?file=${encodeURIComponent(path)}`)).toEqual(refused(why))
  })
})

describe('whatever is written', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc
      .array(
        fc.oneof(
          fc.constantFrom('file=', '&', '?', '#', '%00', '%2e', '../', '//', '\\', 'C:', '/', ':', '@', '=', ' '),
          fc.string({ unit: 'grapheme', maxLength: 8 }),
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join('')),
  )

  test('nothing throws, and a path that comes through is full, plain, and the only thing that was asked', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('roster:open?file=', 'roster:open?', 'roster:', ''),
        hostile,
        fc.constantFrom('linux' as const, 'darwin' as const, 'win32' as const),
        (start, rest, platform) => {
          const read = readRosterLink(start + rest, platform)
          if ('refused' in read) return read.refused.startsWith('The link was not used. ')
          const names = read.path.split(platform === 'win32' ? /[\\/]/ : '/')
          return (
            (platform === 'win32' ? /^[a-z]:[\\/]/i : /^\/[^/]/).test(read.path) &&
            !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufeff]/u.test(read.path) &&
            names.slice(1).every((name) => name !== '' && name !== '.' && name !== '..') &&
            decodeURIComponent((start + rest).slice((start + rest).indexOf('=') + 1)) === read.path
          )
        },
      ),
      { numRuns: 5000 },
    )
  })

  test('every plain full path comes through unchanged', () => {
    const name = fc.stringMatching(/^[\p{L}\p{N} ._+%&=#?@~'"()-]{1,20}$/u).filter((text) => !/^\.\.?$/.test(text))
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 6 }), (names) => {
        const path = `/${names.join('/')}`
        expect(onLinux(`roster:open?file=${encodeURIComponent(path)}`)).toEqual(file(path))
      }),
    )
  })
})

test('only links of the scheme are links', () => {
  expect(
    ['roster:open', 'Roster:x', 'roster', '/roster:open', 'rosters:open', '--roster:open'].map(isRosterLink),
  ).toEqual([true, true, false, false, false, false])
})

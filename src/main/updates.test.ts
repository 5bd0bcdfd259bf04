// Updates: nobody is asked without a feed, nothing is fetched without consent, and nothing that would go unverified.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findFeed, lookForUpdate, startUpdates, type Feed, type Updater, type UpdateTalk } from './updates.ts'

let folder: string
let lines: string[]
const log = (level: string, message: string) => void lines.push(`${level} ${message}`)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roster-updates-'))
  lines = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const place = (platform: NodeJS.Platform, isPackaged = true) => ({
  platform,
  isPackaged,
  resources: folder,
  dataFolder: folder,
})
const packFeed = (more = '') =>
  writeFileSync(join(folder, 'app-update.yml'), `provider: generic\nurl: https://updates.roster.invalid/\n${more}`)
const setFeed = (text: string) => writeFileSync(join(folder, 'updates.json'), text)

describe('where the feed comes from', () => {
  test('there is none unless the package has one', () => {
    expect(findFeed(place('linux'), log)).toBeNull()
    setFeed('{"feed": "https://other.roster.invalid/"}')
    expect(findFeed(place('linux'), log)).toBeNull()
    expect(lines).toEqual([expect.stringContaining('made without updates')])
  })

  test('the package’s own, and a setting instead of it', () => {
    packFeed()
    expect(findFeed(place('linux'), log)).toEqual({ from: 'package' })
    setFeed('{"feed": "https://other.roster.invalid/"}')
    expect(findFeed(place('linux'), log)).toEqual({ from: 'setting', url: 'https://other.roster.invalid/' })
  })

  test('there is none before packing', () => {
    packFeed()
    expect(findFeed(place('linux', false), log)).toBeNull()
  })

  test('on Windows there is none where nobody would check who made the update', () => {
    packFeed()
    expect(findFeed(place('win32'), log)).toBeNull()
    expect(lines).toEqual([expect.stringContaining('not signed')])
    packFeed('publisherName:\n  - The Roster authors\n')
    expect(findFeed(place('win32'), log)).toEqual({ from: 'package' })
  })

  test.each([
    'not JSON',
    '{}',
    '{"feed": 1}',
    '{"feed": "http://other.roster.invalid/"}',
    '{"feed": "file:///tmp/updates"}',
    '{"feed": "javascript:alert(1)"}',
    '{"feed": "https://other.roster.invalid/", "verify": false}',
  ])('the setting %s turns updates off', (text) => {
    packFeed()
    setFeed(text)
    expect(findFeed(place('linux'), log)).toBeNull()
    expect(lines).toEqual([expect.stringContaining('updates are off')])
  })
})

/** Plays electron-updater, and notes what it was asked. */
function player(newest: string | null, fails?: 'check' | 'download') {
  const asked: string[] = []
  const updater: Updater = {
    autoDownload: true,
    autoInstallOnAppQuit: false,
    allowDowngrade: true,
    allowPrerelease: true,
    disableWebInstaller: false,
    logger: null,
    setFeedURL: ({ url }) => void asked.push(`feed ${url}`),
    checkForUpdates() {
      asked.push(`check, ${updater.autoDownload ? 'fetching at once' : 'fetching when told'}`)
      if (fails === 'check') return Promise.reject(new Error('no answer'))
      return Promise.resolve(
        newest === null ? null : { isUpdateAvailable: newest !== 'same', updateInfo: { version: newest } },
      )
    },
    downloadUpdate() {
      asked.push('download')
      return fails === 'download' ? Promise.reject(new Error('bad checksum')) : Promise.resolve([])
    },
  }
  const talk: UpdateTalk & { consents: boolean } = {
    consents: true,
    mayFetch(version) {
      asked.push(`may fetch ${version}`)
      return Promise.resolve(talk.consents)
    },
    isReady: (version) => void asked.push(`ready ${version}`),
  }
  const load = () => {
    asked.push('load')
    return Promise.resolve(updater)
  }
  return { asked, updater, talk, load, look: (feed: Feed) => lookForUpdate(feed, load, talk, log) }
}

const CHECK = 'check, fetching when told'

describe('looking for an update', () => {
  test('without a feed the module is not even loaded', async () => {
    const { asked, look, load, talk } = player('9.0.0')
    await look(null)
    startUpdates(place('linux'), load, talk, log, 0)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(asked).toEqual([])
  })

  test('with a feed it is loaded after the pause, and not when that is given up', async () => {
    packFeed()
    const { asked, load, talk } = player('same')
    startUpdates(place('linux'), load, talk, log, 20)()
    startUpdates(place('linux'), load, talk, log, 20)
    expect(asked).toEqual([])
    await expect.poll(() => asked).toEqual(['load', CHECK])
  })

  test('fetches what the person wants, and says when it is there', async () => {
    const { asked, look, updater } = player('9.0.0')
    await look({ from: 'package' })
    expect(asked).toEqual(['load', CHECK, 'may fetch 9.0.0', 'download', 'ready 9.0.0'])
    expect(updater).toMatchObject({
      autoDownload: false,
      autoInstallOnAppQuit: true,
      allowDowngrade: false,
      allowPrerelease: false,
      disableWebInstaller: true,
    })
  })

  test('fetches nothing that was declined', async () => {
    const { asked, look, talk } = player('9.0.0')
    talk.consents = false
    await look({ from: 'setting', url: 'https://other.roster.invalid/' })
    expect(asked).toEqual(['load', 'feed https://other.roster.invalid/', CHECK, 'may fetch 9.0.0'])
  })

  test.each(['same', null])('says nothing where there is nothing newer (%s)', async (newest) => {
    const { asked, look } = player(newest)
    await look({ from: 'package' })
    expect(asked).toEqual(['load', CHECK])
  })

  test.each(['check', 'download'] as const)('a %s that fails is logged, and nothing is called ready', async (fails) => {
    const { asked, look } = player('9.0.0', fails)
    await look({ from: 'package' })
    expect(asked).not.toContain('ready 9.0.0')
    expect(lines).toEqual(['warn looking for an update failed'])
  })
})

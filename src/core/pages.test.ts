import { expect, it } from 'vitest'
import type { AppEvent } from '../shared/app.ts'
import { openPages } from './pages.ts'

function page() {
  const heard: AppEvent[] = []
  return { heard, push: (event: AppEvent) => void heard.push(event) }
}
const file = { kind: 'open-file', path: '/a.db' } as const

it('keeps a file until a page is there, and opens it once', () => {
  const pages = openPages()
  pages.tell(file)
  pages.tell({ kind: 'command', command: 'save' })
  const first = page()
  const second = page()
  pages.attach('first', first.push)
  pages.attach('second', second.push)
  expect([first.heard, second.heard]).toEqual([[file], []])
  pages.tell(file)
  expect([first.heard.length, second.heard.length]).toEqual([1, 1])
})

it('asks all pages before quitting, and waits for those that are there', async () => {
  const pages = openPages()
  const slow = page()
  const leaving = page()
  pages.attach('slow', slow.push)
  const leave = pages.attach('leaving', leaving.push)
  let isReady = false
  const asked = pages.askToQuit(5_000).then(() => (isReady = true))
  const [event] = slow.heard
  if (event?.kind !== 'quit-asked') throw new Error('not asked')
  pages.readyToQuit('slow', 'another question')
  leave()
  await Promise.resolve()
  expect(isReady).toBe(false)
  pages.readyToQuit('slow', event.question)
  await asked
})

it('does not wait for a page that never answers', async () => {
  const pages = openPages()
  pages.attach('stuck', () => undefined)
  const began = performance.now()
  await pages.askToQuit(100)
  expect(performance.now() - began).toBeLessThan(1_000)
  await openPages().askToQuit(60_000)
})

it('tells a page that came back from one that left', async () => {
  const pages = openPages()
  const leaveOld = pages.attach('page', () => undefined)
  const leaveNew = pages.attach('page', () => undefined)
  leaveOld()
  expect(pages.isOpen('page')).toBe(true)
  const gone = pages.untilGone('page', 5_000)
  leaveNew()
  await gone
  expect(pages.isOpen('page')).toBe(false)
})

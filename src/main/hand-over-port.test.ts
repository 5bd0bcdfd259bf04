// Who is handed a port, asked of the listener itself: Electron is played by an emitter and Node's own message channel.
import { EventEmitter } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { WebContents } from 'electron'

const electron = vi.hoisted(() => ({ ipcMain: null as unknown as EventEmitter }))
vi.mock('electron', () => ({
  get ipcMain() {
    return electron.ipcMain
  },
  MessageChannelMain: MessageChannel,
}))
const { handOverPort } = await import('./hand-over-port.ts')

interface Frame {
  url: string
  origin: string
  frameTreeNodeId: number
  postMessage: (channel: string, message: unknown, ports: unknown[]) => void
}

/** A window that has handed over nothing yet, and what happens to it. */
function open() {
  electron.ipcMain = new EventEmitter()
  const given: Frame[] = []
  const logged: string[] = []
  let served = 0
  const frame = (change: Partial<Frame> = {}): Frame => {
    const made: Frame = {
      url: 'app://roster/',
      origin: 'app://roster',
      frameTreeNodeId: 1,
      postMessage: () => void given.push(made),
      ...change,
    }
    return made
  }
  const contents = Object.assign(new EventEmitter(), { mainFrame: frame() })
  handOverPort(
    contents as unknown as WebContents,
    () => {
      served += 1
      return { receive: () => undefined, drop: () => undefined }
    },
    (level, message) => void logged.push(`${level} ${message}`),
  )
  const ask = (senderFrame: Frame | null, sender: object = contents, channel = 'roster-port') =>
    electron.ipcMain.emit(channel, { sender, senderFrame }, null)
  return { contents, frame, ask, given, logged, served: () => served }
}

let window: ReturnType<typeof open>
beforeEach(() => (window = open()))

describe('a port', () => {
  it('is handed to the main frame of the page', () => {
    window.ask(window.contents.mainFrame)
    expect(window.given).toEqual([window.contents.mainFrame])
    expect(window.served()).toBe(1)
    expect(window.logged).toEqual([])
    window.contents.emit('destroyed')
  })

  it.each<[string, Partial<Frame>]>([
    ['a frame inside the page', { frameTreeNodeId: 2 }],
    ['a frame inside the page that shows nothing', { frameTreeNodeId: 2, url: 'about:blank', origin: 'app://roster' }],
    ['another origin', { url: 'https://example.com/', origin: 'https://example.com' }],
    ['another host of the scheme', { url: 'app://evil/', origin: 'app://evil' }],
    ['a file', { url: 'file:///tmp/index.html', origin: 'file://' }],
    ['a page of data', { url: 'data:text/html,x', origin: 'null' }],
    ['a page that was made of bytes', { url: 'blob:app://roster/1', origin: 'app://roster' }],
    ['a sandboxed copy of the page', { origin: 'null' }],
    ['another document of the bundle', { url: 'app://roster/assets/main.js' }],
  ])('is refused to %s, and the log says so', (_, change) => {
    const frame = window.frame(change)
    window.ask(frame)
    expect(window.given).toEqual([])
    expect(window.served()).toBe(0)
    expect(window.logged).toEqual([`warn a port was refused to ${frame.url}`])
  })

  it('is refused to another window, even when it shows the page, and to a frame that is gone', () => {
    const other = Object.assign(new EventEmitter(), { mainFrame: window.frame() })
    window.ask(window.contents.mainFrame, other)
    window.ask(other.mainFrame, other)
    window.ask(null)
    expect(window.given).toEqual([])
    expect(window.served()).toBe(0)
    expect(window.logged).toEqual([
      'warn a port was refused to app://roster/',
      'warn a port was refused to app://roster/',
      'warn a port was refused to a frame that is gone',
    ])
  })

  it('is all there is to ask for: no other channel is listened to', () => {
    expect(electron.ipcMain.eventNames()).toEqual(['roster-port'])
    expect(window.ask(window.contents.mainFrame, window.contents, 'roster')).toBe(false)
  })
})

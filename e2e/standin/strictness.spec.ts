// The stand-in itself: what it does not play throws, and what it plays has Electron's rules.
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { createCodec } from './clone.ts'
import { expect, test } from './program.ts'

const UNKNOWN = [
  'app.getFileIcon("/x")',
  'app.getPath("music")',
  'app.on("login", () => {})',
  'app.dock',
  'new electron.Tray("x")',
  'electron.clipboard.readText()',
  'electron.net.fetch("https://example.com")',
  'electron.globalShortcut.register("A", () => {})',
  'electron.powerMonitor.getSystemIdleTime()',
  'electron.safeStorage.encryptString("x")',
  'session.defaultSession.cookies',
  'session.fromPartition',
  'new BrowserWindow({ kiosk: true })',
  'new BrowserWindow({ webPreferences: { nodeIntegration: true } })',
  'new BrowserWindow({ webPreferences: { sandbox: false } })',
  'new BrowserWindow({ webPreferences: { contextIsolation: false } })',
  'new BrowserWindow({ webPreferences: { enableBlinkFeatures: "x" } })',
  'window.setProgressBar(1)',
  'window.on("app-command", () => {})',
  'window.unknown = 1',
  'window.webContents.executeJavaScript("1")',
  'window.webContents.debugger',
  'window.webContents.on("login", () => {})',
  'window.webContents.mainFrame.executeJavaScript("1")',
  'electron.Menu.buildFromTemplate([{ badge: {} }])',
  'electron.dialog.showOpenDialog({ securityScopedBookmarks: true })',
  'electron.dialog.showOpenDialogSync({})',
  'utilityProcess.fork("x", [], { disclaim: true })',
  'protocol.registerFileProtocol("app", () => {})',
  'electron.screen.getPrimaryDisplay().colorDepth',
  'electron.shell.trashItem("/x")',
  'electron.crashReporter.getLastCrashReport()',
]

test('what is not modelled throws', async ({ start }) => {
  const attempts = UNKNOWN.map((text) => `[${JSON.stringify(text)}, () => ${text}]`).join(',\n')
  const { said, standin } = start(`
    await app.whenReady()
    const window = open()
    for (const [text, act] of [${attempts}]) {
      try {
        await act()
        say(text, 'done')
      } catch (error) {
        say(text, error.message.split(':')[0])
      }
    }
    app.exit(0)`)
  await standin.ended
  expect(said()).toEqual(UNKNOWN.map((text) => [text, 'NotModelled']))
})

test('loading another address than our own ends the program', async ({ start }) => {
  const { standin } = start(`
    await app.whenReady()
    await open().loadURL('https://example.com/')`)
  expect(await standin.ended).not.toBe(0)
  expect(standin.errors).toContain('NotModelled: loadURL of https://example.com/')
})

test('a bundle that starts processes by itself is refused', async ({ start }) => {
  const { standin } = start(`await import('node:child_process')`)
  expect(await standin.ended).not.toBe(0)
  expect(standin.errors).toContain('NotModelled: node:child_process, imported by the bundle')
})

test('the command line is read as Chromium reads it', async ({ start }) => {
  const { said, standin } = start(`
    app.commandLine.appendSwitch('later', 'b')
    say(...['data-dir', 'later', 'none'].map((name) => [app.commandLine.hasSwitch(name), app.commandLine.getSwitchValue(name)]))
    app.exit(3)`)
  expect(await standin.ended).toBe(3)
  // "--data-dir DIR" is a switch without a value, and an argument.
  expect(said()).toEqual([
    [
      [true, ''],
      [true, 'b'],
      [false, ''],
    ],
  ])
})

test('messages survive the way as text', () => {
  const codec = createCodec()
  const values = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
    withUnicodeString: true,
  } as object)
  fc.assert(
    fc.property(values, (value) => {
      const cloned: unknown = structuredClone(value)
      return isDeepStrictEqual(codec.decode(codec.encode(value)), cloned)
    }),
    { seed: 7, numRuns: 2_000 },
  )
  const cycle: Record<string, unknown> = { bytes: new Uint8Array([1, 2, 3]).subarray(1) }
  cycle.self = cycle
  const again = codec.decode(codec.encode(cycle)) as typeof cycle
  expect(again.self).toBe(again)
  expect(again.bytes).toEqual(new Uint8Array([2, 3]))
  expect(() => codec.encode({ act: () => undefined })).toThrow(/could not be cloned/)
  expect(() => codec.encode(Symbol('x'))).toThrow(/could not be cloned/)
})

test('utility processes have what Electron gives them', async ({ start }) => {
  const child = `
    process.parentPort.on('message', ({ data, ports }) => {
      process.parentPort.postMessage([Buffer.isBuffer(data.bytes), data.bytes, data.big, ports.length, typeof process.send, process.type])
      process.exit(4)
    })`
  const { said, standin } = start(
    `
    try { utilityProcess.fork('x') } catch (error) { say(error.message) }
    await app.whenReady()
    app.on('child-process-gone', (_event, details) => say('gone', details.type, details.reason, details.name))
    const child = utilityProcess.fork(new URL('./child.mjs', import.meta.url).pathname, [], { serviceName: 'one' })
    say(child.pid === undefined)
    child.on('spawn', () => say('spawn', child.pid > 0))
    child.on('message', ([isBuffer, bytes, ...rest]) => say(isBuffer, [...bytes], String(rest[0]), ...rest.slice(1)))
    child.on('exit', (code) => {
      say('exit', code)
      setTimeout(() => (say(child.pid === undefined), app.exit(0)), 50)
    })
    try { child.postMessage(() => {}) } catch (error) { say(error.name) }
    child.postMessage({ bytes: Buffer.from('ab'), big: 2n ** 60n })`,
    { files: { 'out/main/child.mjs': child } },
  )
  expect(await standin.ended).toBe(0)
  expect(said()).toEqual([
    ['utilityProcess cannot be created before app is ready.'],
    [true],
    ['DataCloneError'],
    ['spawn', true],
    [false, [97, 98], String(2n ** 60n), 0, 'undefined', 'utility'],
    ['exit', 4],
    ['gone', 'Utility', 'abnormal-exit', 'one'],
    [true],
  ])
})

const LIFE = `
  app.on('before-quit', (event) => (say('before-quit'), refusals.quit-- > 0 && event.preventDefault()))
  app.on('will-quit', () => say('will-quit'))
  app.on('quit', (_event, code) => say('quit', code))
  await app.whenReady()
  protocol.handle('app', () => html('x'))
  const window = open()
  window.on('close', (event) => (say('close'), refusals.close-- > 0 && event.preventDefault()))
  window.on('closed', () => say('closed'))
  await window.loadURL('app://test/')`

test('quitting goes in Electron’s order', async ({ start }) => {
  const { said, standin } = start(`
    const refusals = { quit: 1, close: 1 }
    app.on('window-all-closed', () => say('window-all-closed'))
    ${LIFE}
    app.quit()
    app.quit()
    app.quit()`)
  expect(await standin.ended, standin.errors).toBe(0)
  expect(said().flat()).toEqual([
    ...['before-quit', 'before-quit', 'close', 'before-quit', 'close', 'closed', 'will-quit', 'quit', 0],
  ])
})

test('the last window ends the program only when nobody listens', async ({ start }) => {
  const silent = start(`const refusals = {}; ${LIFE}; window.close()`)
  expect(await silent.standin.ended).toBe(0)
  expect(silent.said().flat()).toEqual(['close', 'closed', 'before-quit', 'will-quit', 'quit', 0])
  const listening = start(`const refusals = {}; app.on('window-all-closed', () => say('all')); ${LIFE}; window.close()`)
  await expect.poll(() => listening.said().flat()).toEqual(['close', 'closed', 'all'])
})

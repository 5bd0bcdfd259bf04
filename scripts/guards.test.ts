// Plants what no file of the shell may hold, and sees each one caught; sees that every shipped file is under every guard.
import { readdirSync } from 'node:fs'
import { ESLint } from 'eslint'
import { parser } from 'typescript-eslint'
import { describe, expect, it } from 'vitest'
import { guardsFor, keepers, STEP_LOADER } from '../eslint.guards.ts'
import { layerRules } from '../eslint.layers.ts'
import { inProject, project } from './project.ts'

const eslint = new ESLint({
  cwd: project,
  overrideConfigFile: true,
  overrideConfig: [{ files: ['**/*.ts', '**/*.tsx'], languageOptions: { parser } }, ...layerRules],
})

async function problems(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath })
  // A rule that crashes or code that does not parse is no catch.
  expect(result?.fatalErrorCount).toBe(0)
  return (result?.messages ?? []).filter((message) => message.ruleId !== null).map((message) => message.message)
}

const window = (preferences: string) => `export const a = { webPreferences: { ${preferences} } }`

const breaches: readonly [file: string, code: string][] = [
  ['src/main/window.ts', window('nodeIntegration: true')],
  ['src/main/window.ts', window("'nodeIntegration': true")],
  ['src/main/window.ts', window('nodeIntegration: process.env.DEBUG === "1"')],
  ['src/main/window.ts', window('nodeIntegrationInWorker: true')],
  ['src/main/window.ts', window('nodeIntegrationInSubFrames: true')],
  ['src/main/window.ts', window('contextIsolation: false')],
  ['src/main/window.ts', window('sandbox: false')],
  ['src/main/window.ts', window('sandbox: isSandboxed')],
  ['src/main/window.ts', window('webSecurity: false')],
  ['src/main/window.ts', window('allowRunningInsecureContent: true')],
  ['src/main/window.ts', window('experimentalFeatures: true')],
  ['src/main/window.ts', window('enableBlinkFeatures: "A"')],
  ['src/main/window.ts', window('webviewTag: true')],
  ['src/main/protocol.ts', 'export const a = { privileges: { bypassCSP: true } }'],
  ['src/main/index.ts', "import { ipcMain } from 'electron'"],
  ['src/main/index.ts', "import { ipcMain as channel } from 'electron'"],
  ['src/main/open-outside.ts', "import { ipcMain } from 'electron'"],
  ['src/main/index.ts', "import { shell } from 'electron'"],
  ['src/main/host.ts', "import { app, shell as other } from 'electron'"],
  ['src/main/hand-over-port.ts', "import { shell } from 'electron'"],
  ['src/main/index.ts', "import * as electron from 'electron'"],
  ['src/main/index.ts', "import electron from 'electron'"],
  ['src/main/open-outside.ts', "import * as electron from 'electron'"],
  ['src/main/index.ts', "export { shell } from 'electron'"],
  ['src/main/index.ts', "export const a = () => import('electron')"],
  ['src/main/index.ts', "export * from 'electron'"],
  ['src/main/index.ts', "export const a = () => require('electron')"],
  ['src/main/index.ts', "import { utilityProcess } from 'electron'"],
  ['src/main/index.ts', "import { safeStorage } from 'electron'"],
  ['src/main/window.ts', "import { session } from 'electron'"],
  ['src/main/index.ts', "import { protocol } from 'electron'"],
  ['src/main/index.ts', "import { initialize } from '@electron/remote/main'"],
  ['src/main/open-outside.ts', 'export const a = () => shell.openPath("/tmp/x")'],
  ['src/main/open-outside.ts', 'export const a = () => shell["openPath"]("/tmp/x")'],
  ['src/main/index.ts', 'export const a = (contents) => contents.executeJavaScript("1")'],
  ['src/main/index.ts', 'export const a = (frame) => frame.executeJavaScriptInIsolatedWorld(1, [])'],
  ['src/main/index.ts', 'export const a = (window) => window.loadFile("index.html")'],
  ['src/main/index.ts', 'export const a = (app) => app.commandLine.appendSwitch("no-sandbox")'],
  ['src/main/index.ts', 'export const a = (app) => app.commandLine.appendSwitch("disable-web-security")'],
  ['src/main/index.ts', 'export const a = (session) => session.setCertificateVerifyProc(() => 0)'],
  ['src/preload/index.ts', 'export const a = (bridge) => bridge.exposeInMainWorld("roster", {})'],
  ['src/main/secrets.ts', 'export const a = (storage) => storage.encryptString("x")'],
  ['src/main/secrets.ts', 'export const a = (storage) => storage.decryptString(x)'],
  ['src/main/secrets.ts', 'export const a = (storage) => storage.isEncryptionAvailable()'],
  ['src/main/host.ts', 'export const a = (storage) => storage.setUsePlainTextEncryption(true)'],
  ...['src/main/host.ts', 'src/headless/start.ts', 'src/cli/x.ts', 'src/core/log.ts', 'src/renderer/x.ts'].flatMap(
    (file): [string, string][] => [
      [file, "import { spawn } from 'node:child_process'"],
      [file, "import { spawn } from 'child_process'"],
      [file, "export const a = () => import('node:child_process')"],
    ],
  ),
  ['src/core/db/sqlite/x.ts', "export const a = () => import('node:child_process')"],
  ['src/headless/host.ts', 'export const a = fork("x", [], { shell: true })'],
  ['src/headless/host.ts', 'export const a = fork("x", [], { shell: process.platform === "win32" })'],
  ['e2e/x.spec.ts', 'export const a = spawn("x", [], { shell: true })'],
  ['src/core/x.ts', 'export const a = new Function("return 1")'],
  ['src/core/x.ts', 'export const a = Function("return 1")'],
  ['src/core/x.ts', 'export const a = eval("1")'],
  ['src/core/x.ts', "import { runInThisContext } from 'node:vm'"],
  ['src/core/x.ts', "import { createRequire } from 'node:module'"],
  ['src/core/x.ts', "import inspector from 'node:inspector'"],
  ['src/core/x.ts', 'export const a = (name) => import(name)'],
  ['src/core/x.ts', 'export const a = (name) => import(`./${name}.ts`)'],
  ['src/core/db/sqlite/x.ts', 'export const a = process.dlopen(module, file)'],
  ['src/core/migrations/program/module-child.ts', 'export const a = (name) => import(name)'],
  ['src/core/migrations/x.ts', "import { registerHooks } from 'node:module'"],
  [STEP_LOADER, "import { runInThisContext } from 'node:vm'"],
  [STEP_LOADER, 'export const a = new Function("return 1")'],
  [STEP_LOADER, "import { fork } from 'node:child_process'"],
  ['src/renderer/x.ts', 'export const a = (element, text) => (element.innerHTML = text)'],
  ['src/renderer/x.tsx', 'export const A = () => <iframe srcDoc="<p>" />'],
]

const lawful: readonly [file: string, code: string][] = [
  ['src/main/window.ts', window('contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true')],
  ['src/main/index.ts', "import { app, BrowserWindow } from 'electron'"],
  ...keepers.map(({ thing, file }): [string, string] => [file, `import { ${thing} } from 'electron'`]),
  ['src/headless/host.ts', "import { fork } from 'node:child_process'"],
  ['src/headless/host.ts', 'export const a = fork("x", [], { shell: false })'],
  ['src/renderer/main.tsx', "export const a = () => import('./page.tsx')"],
  ['src/main/x.ts', 'export const a = ({ sandbox }) => sandbox'],
  [STEP_LOADER, "import { registerHooks } from 'node:module'; export const a = (name) => import(name)"],
]

describe('the guards of the shell', () => {
  it.each(breaches)('catch in %s: %s', async (file, code) => {
    expect(await problems(file, code)).not.toEqual([])
  })

  it.each(lawful)('allow in %s: %s', async (file, code) => {
    expect(await problems(file, code)).toEqual([])
  })

  it('hold for every file that is shipped, whatever other rules it has', async () => {
    const whole = new ESLint({ cwd: project })
    const files = readdirSync(inProject('src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file) && !/\.(test|test-setup|d)\.tsx?$/.test(file))
      .map((file) => `src/${file.replaceAll('\\', '/')}`)
    expect(files.length).toBeGreaterThan(100)
    for (const file of files) {
      const config = (await whole.calculateConfigForFile(file)) as { rules: Record<string, [unknown, ...Guard[]]> }
      const [severity, ...held] = config.rules['no-restricted-syntax'] ?? []
      expect([file, severity]).toEqual([file, 2])
      const selectors = held.map(({ selector }) => selector)
      const missing = guardsFor(file).filter(({ selector }) => !selectors.includes(selector))
      expect([file, missing]).toEqual([file, []])
    }
  })
})

interface Guard {
  selector: string
}

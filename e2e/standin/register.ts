// Loaded before the main bundle (node --import): the name `electron` leads to the stand-in, and every other module that
// the app loads is noted.
import { registerHooks } from 'node:module'
import { NotModelled } from './not-modelled.ts'
import { record } from './record.ts'

const standin = new URL('./electron.ts', import.meta.url).href
const STARTERS = /^(node:)?(child_process|cluster|worker_threads)$/
const ofApp = new Set<string>()

registerHooks({
  resolve(specifier, context, next) {
    const { parentURL } = context
    // Electron knows these names beside its own; all give the same module in the main process.
    if (specifier === 'electron' || specifier === 'electron/main' || specifier === 'electron/common') {
      return { url: standin, format: 'module-typescript', shortCircuit: true }
    }
    const isAppAsking = parentURL !== undefined && (ofApp.has(parentURL) || /\/out\/main\/[^/]+$/.test(parentURL))
    // RunAsNode is off in packages: a bundle that starts processes by itself would start Roster again.
    if (isAppAsking && /\/out\/main\//.test(parentURL) && STARTERS.test(specifier)) {
      throw new NotModelled(`${specifier}, imported by the bundle`)
    }
    const resolved = next(specifier, context)
    if (isAppAsking && !ofApp.has(resolved.url)) {
      ofApp.add(resolved.url)
      record('module', { url: resolved.url })
    }
    return resolved
  },
})

const own = (name: string, value: unknown) => Object.defineProperty(process, name, { value, configurable: true })
own('type', 'browser')
own('defaultApp', process.env.STANDIN_PACKAGED === '1' ? undefined : true)
own('resourcesPath', new URL('../../out/', import.meta.url).pathname)
own('versions', { ...process.versions, electron: '45.4.1', chrome: '150.0.0.0' })
// A packed app has its own program in front, and no path of a bundle.
if (process.env.STANDIN_PACKAGED === '1') process.argv.splice(1, 1)

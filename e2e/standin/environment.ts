// What the machine around the app is like: theme, screens, power, crash reports, images.
import type Electron from 'electron'
import { checkOptions, Modelled, modelled } from './not-modelled.ts'
import { life } from './life.ts'
import { record } from './record.ts'

type Theme = Electron.NativeTheme['themeSource']

/** electron.d.ts, interface NativeTheme. */
class StandinTheme
  extends Modelled<{ updated: [] }>
  implements Pick<Electron.NativeTheme, 'shouldUseDarkColors' | 'themeSource'>
{
  #system: 'light' | 'dark' = 'light'
  #source: Theme = 'system'
  /** Tells the pages. */
  onChange: (() => void) | null = null

  constructor() {
    super('nativeTheme', ['updated'])
  }
  get shouldUseDarkColors(): boolean {
    return (this.#source === 'system' ? this.#system : this.#source) === 'dark'
  }
  get themeSource(): Theme {
    return this.#source
  }
  set themeSource(source: Theme) {
    this.#change(() => (this.#source = source))
  }
  /** The person switches the whole desktop. */
  setSystem(theme: 'light' | 'dark'): void {
    this.#change(() => (this.#system = theme))
  }
  #change(act: () => void): void {
    const before = this.shouldUseDarkColors
    act()
    if (before === this.shouldUseDarkColors) return
    this.onChange?.()
    this.emit('updated')
  }
}
export const nativeTheme = new StandinTheme()

interface ScreenEvents {
  'display-added': [event: object, display: Electron.Display]
  'display-removed': [event: object, display: Electron.Display]
  'display-metrics-changed': [event: object, display: Electron.Display, changed: string[]]
}

function display(id: number, bounds: Electron.Rectangle, scaleFactor = 1): Electron.Display {
  const workArea = { ...bounds, y: bounds.y + 24, height: bounds.height - 24 }
  const size = { width: bounds.width, height: bounds.height }
  const known = {
    id,
    bounds,
    workArea,
    size,
    workAreaSize: { width: workArea.width, height: workArea.height },
    scaleFactor,
  }
  // Electron.Display has two dozen more facts; asking for one of them throws.
  return modelled('Display', known) as unknown as Electron.Display
}

/** electron.d.ts, interface Screen: "You cannot require or use this module until the ready event of the app". */
class StandinScreen
  extends Modelled<ScreenEvents>
  implements
    Pick<Electron.Screen, 'getAllDisplays' | 'getPrimaryDisplay' | 'getDisplayMatching' | 'getDisplayNearestPoint'>
{
  #displays = [display(1, { x: 0, y: 0, width: 1920, height: 1080 })]

  constructor() {
    super('screen', ['display-added', 'display-removed', 'display-metrics-changed'])
  }
  getAllDisplays(): Electron.Display[] {
    if (!life.isReady) throw new Error('screen cannot be used before the app is ready')
    return [...this.#displays]
  }
  getPrimaryDisplay(): Electron.Display {
    return this.getAllDisplays()[0] as Electron.Display
  }
  getDisplayMatching(rect: Electron.Rectangle): Electron.Display {
    const shared = ({ bounds: b }: Electron.Display) =>
      Math.max(0, Math.min(b.x + b.width, rect.x + rect.width) - Math.max(b.x, rect.x)) *
      Math.max(0, Math.min(b.y + b.height, rect.y + rect.height) - Math.max(b.y, rect.y))
    return this.getAllDisplays().reduce((best, next) => (shared(next) > shared(best) ? next : best))
  }
  getDisplayNearestPoint({ x, y }: Electron.Point): Electron.Display {
    const outside = (at: number, from: number, size: number) => Math.max(from - at, 0, at - from - size)
    const far = ({ bounds: b }: Electron.Display) => Math.hypot(outside(x, b.x, b.width), outside(y, b.y, b.height))
    return this.getAllDisplays().reduce((best, next) => (far(next) < far(best) ? next : best))
  }
  /** Screens are plugged in and out; the first is the primary one. */
  plug(bounds: Electron.Rectangle[]): void {
    const before = this.#displays
    this.#displays = bounds.map((one, index) => display(index + 1, one))
    for (const gone of before.slice(bounds.length)) this.emit('display-removed', {}, gone)
    for (const added of this.#displays.slice(before.length)) this.emit('display-added', {}, added)
    for (const kept of this.#displays.slice(0, before.length)) {
      this.emit('display-metrics-changed', {}, kept, ['bounds', 'workArea'])
    }
  }
}
export const screen = new StandinScreen()

const POWER = ['suspend', 'resume', 'lock-screen', 'unlock-screen', 'on-ac', 'on-battery', 'shutdown'] as const
export type PowerEvent = (typeof POWER)[number]

/** electron.d.ts, interface PowerMonitor. */
class StandinPower extends Modelled<Record<PowerEvent, []>> {
  constructor() {
    super('powerMonitor', [...POWER])
  }
}
export const powerMonitor = new StandinPower()

/** electron.d.ts, interface CrashReporter. Nothing is written; what was asked for is recorded. */
export const crashReporter = modelled('crashReporter', {
  start(options) {
    checkOptions('crashReporter.start', options, [
      ...['submitURL', 'productName', 'companyName', 'uploadToServer', 'ignoreSystemCrashHandler', 'rateLimit'],
      ...['compress', 'extra', 'globalExtra'],
    ])
    record('crash-reporter', options)
  },
} satisfies Pick<Electron.CrashReporter, 'start'>)

/** electron.d.ts, class NativeImage: only that a picture was named. */
export const nativeImage = modelled('nativeImage', {
  createFromPath: (path: string) =>
    modelled('NativeImage', { path, isEmpty: () => false }) as unknown as Electron.NativeImage,
  createEmpty: () => modelled('NativeImage', { path: '', isEmpty: () => true }) as unknown as Electron.NativeImage,
})

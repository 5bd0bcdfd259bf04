// Says aloud which door the run cannot try, so that nobody takes a short list for the whole one.
import { electronProgram, hasDisplay } from '../scripts/electron.ts'

/** Null when the real Electron can be tested here. */
export function whyNoElectron(): string | null {
  const then = 'so the project "desktop" does not run: the window is tested in the stand-in alone.'
  if (electronProgram() === null) return `The Electron binary is not here, ${then}`
  return hasDisplay() ? null : `There is no display, ${then}`
}

// Playwright calls the default export of a globalSetup.
export { say as default }

function say(): void {
  const why = whyNoElectron()
  if (why !== null) console.log(why)
}

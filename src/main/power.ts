// Tells when the machine comes back: connections may have died while it slept, or moved to another network.
import { powerMonitor } from 'electron'

/** To be called once the app is ready. */
export function watchPower(onBack: () => void): void {
  powerMonitor.on('resume', onBack)
  powerMonitor.on('unlock-screen', onBack)
}

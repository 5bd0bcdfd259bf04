// Notices that the machine slept or changed its network, by the means that every host has: a late timer, and its addresses.
import { networkInterfaces } from 'node:os'

/** Milliseconds between two looks. */
const EVERY = 5_000
/** A timer that is later than this was not held up by work: the machine slept, or the clock was set. */
const LATE = 30_000

export interface Surroundings {
  /** From now on it is looked at; until then there is no timer. */
  begin(): void
  end(): void
}

export interface SurroundingsOptions {
  every?: number
  late?: number
  now?: () => number
  addresses?: () => string
}

export function watchSurroundings(onChange: () => void, options: SurroundingsOptions = {}): Surroundings {
  const { every = EVERY, late = LATE, now = Date.now, addresses = addressesNow } = options
  let timer: ReturnType<typeof setInterval> | null = null
  return {
    begin() {
      if (timer) return
      let expected = now() + every
      let before = addresses()
      timer = setInterval(() => {
        const isLate = Math.abs(now() - expected) > late
        expected = now() + every
        const present = addresses()
        const isElsewhere = present !== before
        before = present
        if (isLate || isElsewhere) onChange()
      }, every)
      timer.unref()
    },
    end() {
      if (timer) clearInterval(timer)
      timer = null
    },
  }
}

/** Every address of this machine, as text that can be compared. */
function addressesNow(): string {
  const all = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? []).map(({ address }) => `${name} ${address}`),
  )
  return all.sort().join('\n')
}

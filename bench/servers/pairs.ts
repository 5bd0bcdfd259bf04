// Measures two ways of the same work in turn, so that what else runs on the machine meets both alike.

export interface Spread {
  median: number
  p95: number
}

/** Milliseconds; the ratio is of the medians. */
export interface Compared {
  n: number
  roster: Spread
  driver: Spread
  ratio: number
}

type Work = (round: number) => Promise<unknown>

async function timed(work: Work, round: number): Promise<number> {
  const began = performance.now()
  await work(round)
  return performance.now() - began
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
  return { median: at(0.5), p95: at(0.95) }
}

/** `n` pairs after `warm` that do not count; who comes first changes from pair to pair. `between` is not measured. */
export async function compare(
  n: number,
  warm: number,
  { roster, driver }: { roster: Work; driver: Work },
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Compared> {
  const times = { roster: [] as number[], driver: [] as number[] }
  for (let round = 0; round < n + warm; round++) {
    const inTurn = round % 2 === 0 ? (['roster', 'driver'] as const) : (['driver', 'roster'] as const)
    for (const who of inTurn) {
      const ms = await timed(who === 'roster' ? roster : driver, round)
      if (round >= warm) times[who].push(ms)
      await between()
    }
  }
  const [ofRoster, ofDriver] = [spread(times.roster), spread(times.driver)]
  const ratio = Number((ofRoster.median / ofDriver.median).toFixed(2))
  return { n, roster: rounded(ofRoster), driver: rounded(ofDriver), ratio }
}

const rounded = ({ median, p95 }: Spread): Spread => ({
  median: Number(median.toFixed(3)),
  p95: Number(p95.toFixed(3)),
})

// A colour for each profile, so that two databases are told apart at a glance.

/** Mid tones that stand on light and dark alike; red is left for errors and production. */
const colours = ['#3b82d9', '#2f9e75', '#b07a1e', '#8a63d2', '#c2558f', '#3a97a8', '#7c8a2a', '#a0653f']

/** In the order of `ids`: each id's own colour, or the next that none before it has, as long as there are any. */
export function profileColours(ids: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Map<string, string>()
  for (const id of ids) {
    const own = indexOf(id)
    const free = colours.map((_, step) => colours[(own + step) % colours.length]!)
    const used = new Set(taken.values())
    taken.set(id, free.find((colour) => !used.has(colour)) ?? free[0]!)
  }
  return taken
}

function indexOf(id: string): number {
  let sum = 0
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)!) >>> 0
  return sum % colours.length
}

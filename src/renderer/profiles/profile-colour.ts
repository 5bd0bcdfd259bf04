// A colour for each profile, so that two databases are told apart at a glance.

/** Mid tones that stand on light and dark alike; red is left for errors and production. */
const colours = ['#3b82d9', '#2f9e75', '#b07a1e', '#8a63d2', '#c2558f', '#3a97a8', '#7c8a2a', '#a0653f']

/** The same id always has the same colour. */
export function profileColour(id: string): string {
  let sum = 0
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)!) >>> 0
  return colours[sum % colours.length]!
}

// Whether a crashed page may be loaded again by itself: a page that crashes at once would do so for ever.

/** Milliseconds in which the third crash is one too many. */
const SPAN = 60_000
const MANY = 3

/** To be called at each crash with the time in milliseconds; true when the page may be loaded again without asking. */
export function crashCounter(): (now: number) => boolean {
  let recent: number[] = []
  return (now) => {
    recent = [...recent.filter((at) => now - at < SPAN), now]
    return recent.length < MANY
  }
}

// Calls at once, and then at most every 100 ms: what changes in between is told together.

/** Milliseconds. */
const EVERY = 100

/** `end` drops what was not told yet. */
export function coalesce(tell: () => void): { changed(): void; end(): void } {
  let timer: ReturnType<typeof setTimeout> | null = null
  let isDue = false
  const rest = () => {
    timer = setTimeout(() => {
      timer = null
      if (!isDue) return
      isDue = false
      rest()
      tell()
    }, EVERY)
  }
  return {
    changed() {
      isDue = true
      if (timer) return
      isDue = false
      rest()
      tell()
    },
    end() {
      if (timer) clearTimeout(timer)
      timer = null
    },
  }
}

// Long tasks that are under way, so that whoever ends Roster can be told what would be rolled back.

export type RunKind = 'migrations' | 'demo-users'

export interface Runs {
  /** The same events; the task counts as running until they end, however they end. */
  during<T>(kind: RunKind, events: AsyncIterable<T>): AsyncGenerator<T, void>
  /** The kinds under way, each once. */
  underWay(): RunKind[]
}

export function openRuns(): Runs {
  const running = new Map<symbol, RunKind>()
  return {
    async *during(kind, events) {
      const run = Symbol(kind)
      running.set(run, kind)
      try {
        yield* events
      } finally {
        running.delete(run)
      }
    },
    underWay: () => [...new Set(running.values())],
  }
}

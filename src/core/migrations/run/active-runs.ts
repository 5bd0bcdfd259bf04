// Runs of this very process that are under way: its own process lives on after a run has ended.

const active = new Set<string>()

export const isActiveRun = (run: string) => active.has(run)

/** Answers with what to call when the run is over. */
export function activeRun(run: string): () => void {
  active.add(run)
  return () => void active.delete(run)
}

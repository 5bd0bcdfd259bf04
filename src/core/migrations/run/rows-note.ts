// A note where a step has changed many rows in one transaction on a Galera cluster: all of them go to every node as one piece.
import { CLUSTER_WARNS_AT } from '../../../shared/cluster.ts'
import type { SinkAnswer } from '../step.ts'
import type { RunContext } from './run-context.ts'

/** To be told each statement of one step after it was answered. Nothing is split by it. */
export function rowsNote(
  { session, push, since }: Pick<RunContext, 'session' | 'push' | 'since'>,
  step: string,
): (number: number, answer: SinkAnswer) => void {
  let rows = 0
  let isTold = false
  return (number, answer) => {
    if (!session.galera) return
    rows += changed(answer)
    if (rows >= CLUSTER_WARNS_AT && !isTold) {
      isTold = true
      push({ kind: 'log', at: since(), text: words(step, number, rows) })
    }
    if (session.transaction !== 'none') return
    rows = 0
    isTold = false
  }
}

const words = (step: string, number: number, rows: number) =>
  `Statement ${number + 1} of ${step} has brought its transaction to ${rows.toLocaleString('en')} changed rows. On a cluster they go to every node as one piece, and all of them wait while it is applied: smaller transactions keep the cluster free.`

/** mysql2 answers a write with a header. */
function changed(answer: SinkAnswer): number {
  if (answer.kind !== 'response' || !Array.isArray(answer.response)) return 0
  const { affectedRows } = Object((answer.response as unknown[])[0]) as { affectedRows?: unknown }
  return typeof affectedRows === 'number' ? affectedRows : 0
}

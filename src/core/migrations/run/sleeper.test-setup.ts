// A process that runs steps on a node of a cluster and stops itself (SIGSTOP) in the middle, for the test that lets it go on.
import { tmpdir } from 'node:os'
import type { Hold } from './holder.test-setup.ts'
import { databaseOn, projectOf, run } from './run.test-setup.ts'
import { sleeperSteps } from './sleeper-steps.test-setup.ts'

process.on('message', ({ server, nodes = [] }: Hold) => {
  const project = projectOf(databaseOn(server, nodes), tmpdir(), sleeperSteps, 'table')
  let count = 0
  const onBoundary = (name: string) => {
    if (name !== 'after statement' || ++count !== 2) return
    process.send?.('sleeps')
    process.kill(process.pid, 'SIGSTOP')
  }
  run(project, 'all', { onBoundary }).then(
    ({ outcome, message }) => process.send?.({ outcome, message }),
    (error: unknown) => process.send?.(String(error)),
  )
})
process.on('disconnect', () => process.exit(0))

// What is told of statements that come faster than anybody reads.
import { expect, it } from 'vitest'
import type { MigrationEvent } from '../../../shared/migration-runs.ts'
import { statementEvents } from './statement-events.ts'

/** What is told of so many statements in one second, the last of which fails. */
function told(count: number): MigrationEvent[] {
  const events: MigrationEvent[] = []
  const statements = statementEvents(
    (event) => void events.push(event),
    () => 10,
  )
  for (let number = 0; number < count; number += 1) {
    statements.running('001', number, 'select 1')(number === count - 1 ? 'failed' : 'done')
  }
  statements.flush()
  return events
}

it.each([
  [101, '1 more statement was sent; so many in a second are not shown one by one.'],
  [103, '3 more statements were sent; so many in a second are not shown one by one.'],
])('shows a hundred in a second, every one that fails, and counts the rest: %i', (count, text) => {
  const events = told(count)
  expect(events.filter((event) => event.kind === 'statement' && event.state === 'running')).toHaveLength(100)
  expect(events.slice(-2)).toMatchObject([
    { kind: 'statement', number: count - 1, state: 'failed' },
    { kind: 'log', text },
  ])
})

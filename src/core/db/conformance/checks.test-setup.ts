// What must be seen on the wire and by the caller for each action of the retry table, whatever the engine.
import { expect } from 'vitest'
import type { Taken, Way, WirePhase } from './table.test-setup.ts'
import { codesOf, play, type FakeEngine, type Seen } from './conformance.test-setup.ts'

/** Runs of a transaction at most: the first, and the table's five. */
const RUNS = 6
const saved = ['a', 'b', 'commit']

/** Plays one pair of way and phase, once and, where it is run again, for ever; checks both. */
export async function check(engine: FakeEngine, way: Way, phase: WirePhase, taken: Taken): Promise<void> {
  const once = await play({ engine, way, phase, times: 'once' })
  const isRunAgain = taken === 'again' || taken === 'replay' || taken === 'replay-once'
  switch (phase) {
    case 'idle':
      checkIdle(once, way, taken)
      // The same as the answer to the test before use: nothing was sent yet, so that a new connection is made.
      if (way.how !== 'no-tls') {
        const pinged = await play({ engine, way, phase, times: 'once', isPing: true })
        expect(pinged).toMatchObject({ trace: ['read'], value: '7', error: undefined })
        // One more may look at the server, and one more may have been told to after the silence.
        expect(pinged.connections).toBeLessThanOrEqual(4)
      }
      break
    case 'reading':
      expect(once.trace).toEqual(taken === 'again' ? ['read', '|', 'read'] : ['read'])
      break
    case 'transaction': {
      const undone = wayBack(way)
      const first = ['begin', 'a', 'b', ...undone.rollback]
      expect(once.trace).toEqual(isRunAgain ? [...first, ...undone.next, 'begin', ...saved] : first)
      break
    }
    case 'writing':
      expect(once.trace).toEqual(['alter'])
      break
    case 'committing': {
      const first = ['begin', ...saved]
      const looked = ['|', 'look', ...(engine.looksAtRows ? ['rows'] : [])]
      const undone = [...first, 'rollback']
      expect(once.trace).toEqual(
        taken === 'unknown' ? [...first, ...looked] : isRunAgain ? [...undone, ...first] : undone,
      )
      expect(once.looks).toEqual(taken === 'unknown' ? once.wanted : [])
      break
    }
  }
  checkEnd(once, way, phase, taken)
  if (isRunAgain) checkNoEnd(await play({ engine, way, phase, times: 'always' }), way, phase, taken)
}

function checkIdle({ trace, connections, limit, state, isTemporary }: Seen, way: Way, taken: Taken): void {
  expect(trace).toEqual(taken === 'wait' ? ['read'] : [])
  // The one that was lost, the one that was refused, and the one that was waited for.
  expect(connections).toBe(taken === 'wait' ? 3 : 2)
  expect(state).toBe(taken === 'wait' ? 'open' : 'failed')
  if (taken !== 'wait') expect(isTemporary).toBe(false)
  expect(limit).toBe(way.says === 'slow' ? 1 : 3)
}

/** ROLLBACK where there is anybody to hear it; then the same session is good for the next run. */
const wayBack = (way: Way) =>
  way.ends || way.says === 'unknown' ? { rollback: [], next: ['|'] } : { rollback: ['rollback'], next: [] as string[] }

const SUCCESS: Readonly<Record<WirePhase, unknown>> = {
  idle: '7',
  reading: '7',
  transaction: 'saved',
  writing: null,
  committing: 'saved',
}

function checkEnd(seen: Seen, way: Way, phase: WirePhase, taken: Taken): void {
  if (taken === 'stop') checkTold(seen, way, phase)
  else expect(seen).toMatchObject({ value: SUCCESS[phase], error: undefined })
  // A server that only reads is let go, so that the next connection may find the one that writes. In P2 it is kept, other than
  // the table says: sessions that read are read-only themselves, and a word about that says nothing of the server.
  if (way.says === 'read-only' && (phase === 'transaction' || phase === 'committing'))
    expect(seen.isSameSession).toBe(false)
  // The same where nobody knows what the old one is doing.
  if (way.says === 'unknown' && phase === 'transaction') expect(seen.isSameSession).toBe(false)
  // Nobody holds a connection, and the next use goes well.
  if (seen.state === 'open') expect(seen).toMatchObject({ used: 0, after: '7' })
}

function checkTold({ error, value, state }: Seen, way: Way, phase: WirePhase): void {
  expect(value).toBeUndefined()
  expect(error).toBeInstanceOf(Error)
  if (typeof way.how === 'object' && 'error' in way.how && phase !== 'idle')
    expect(codesOf(error)).toContain(String(way.how.error.code))
  // A server that says nothing is reconnected to; whoever wrote is told before.
  if (phase !== 'idle' && way.how !== 'hang') expect(state).toBe('open')
}

/** It goes on for ever: run again as often as the table says, and never saved. */
function checkNoEnd({ trace, error, value }: Seen, way: Way, phase: WirePhase, taken: Taken): void {
  expect(value).toBeUndefined()
  expect(error).toBeInstanceOf(Error)
  if (phase === 'reading') return expect(trace).toEqual(['read', '|', 'read'])
  const runs = taken === 'replay' ? RUNS : 2
  const { rollback } = wayBack(way)
  const one = phase === 'committing' ? ['begin', ...saved, 'rollback'] : ['begin', 'a', 'b', ...rollback]
  expect(trace.filter((word) => word !== '|')).toEqual(Array.from({ length: runs }, () => one).flat())
}

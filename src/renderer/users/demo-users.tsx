// What an empty users table offers: demo users in three sizes, with progress, and a way back until it is complete.
import { Button, Progress, SegmentedControl } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { demoCounts, type DemoState } from '../../shared/users.ts'
import { api } from '../api.ts'
import { isAbort, wordsOf } from '../ui/call-error.ts'
import { confirmed } from '../ui/confirm-production.ts'
import { Panel } from '../ui/panel.tsx'
import { count } from '../ui/wording.ts'
import css from './demo-users.module.css'

type Phase = { kind: 'asking'; message: string } | { kind: 'adding'; state: DemoState | null }

interface DemoUsersProps {
  profileId: string
  table: string
  /** Called when the users are in the table. */
  onAdded: () => void
}

export function DemoUsers({ profileId, table, onAdded }: DemoUsersProps) {
  const [size, setSize] = useState<(typeof demoCounts)[number]>(10_000)
  const [phase, setPhase] = useState<Phase>({ kind: 'asking', message: '' })
  const running = useRef<AbortController | null>(null)
  // Leaving the screen stops the work: nobody would see it end.
  useEffect(() => () => running.current?.abort(), [])

  const add = async () => {
    const abort = new AbortController()
    running.current = abort
    setPhase({ kind: 'adding', state: null })
    let last: DemoState | null = null
    try {
      const states = await confirmed(`Add ${count(size)} demo users`, (confirmation) =>
        api.users.addDemo({ profileId, count: size, ...confirmation }, { signal: abort.signal }),
      )
      for await (const state of states) {
        last = state
        setPhase({ kind: 'adding', state })
      }
      setPhase({ kind: 'asking', message: '' })
      onAdded()
    } catch (error) {
      const isStopped = isAbort(error) || abort.signal.aborted
      const message = isStopped ? stoppedWords(last) : wordsOf(error).message
      setPhase({ kind: 'asking', message })
      // Another connection may have added rows meanwhile; and what a cluster has stored stays.
      if (!isStopped || last?.stored) onAdded()
    }
  }

  if (phase.kind === 'adding') {
    return (
      <Panel
        title={`Adding ${count(size)} demo users`}
        actions={<Button onClick={() => running.current?.abort()}>Cancel</Button>}
      >
        <Adding state={phase.state} total={size} />
      </Panel>
    )
  }
  return (
    <Panel
      title={`${table} is empty`}
      actions={
        <Button variant="filled" onClick={() => void add()}>
          Add demo users
        </Button>
      }
    >
      <p>
        Add a row with New row, or try Roster with made-up users. The same number always gives the same users. Their
        passwords are published with Roster (demo-01 to demo-50), so they do not belong where people can log in.
      </p>
      <SegmentedControl
        aria-label="Number of demo users"
        size="sm"
        value={String(size)}
        onChange={(value) => setSize(demoCounts.find((each) => String(each) === value) ?? size)}
        data={demoCounts.map((each) => ({ value: String(each), label: count(each) }))}
        transitionDuration={80}
      />
      {phase.message !== '' && (
        <p role="status" className={css.note}>
          {phase.message}
        </p>
      )}
    </Panel>
  )
}

function stoppedWords(last: DemoState | null): string {
  return last?.stored ? `Cancelled. ${count(last.stored)} users were stored before.` : 'Cancelled. Nothing was added.'
}

function Adding({ state, total }: { state: DemoState | null; total: number }) {
  const added = state?.added ?? 0
  const rate = state && state.ms > 0 ? Math.round((added / state.ms) * 1000) : 0
  return (
    <div className={css.adding}>
      <Progress
        value={(added / total) * 100}
        size="sm"
        aria-label={`${count(added)} of ${count(total)} users`}
        transitionDuration={100}
      />
      <p role="status" className={css.figures}>
        {state?.state === 'committing'
          ? 'Storing them'
          : `${count(added)} of ${count(total)}${rate > 0 ? `, ${count(rate)} rows/s` : ''}`}
      </p>
      <p className={css.note}>
        {typeof state?.stored === 'number'
          ? 'On a cluster they are stored in several transactions. What is stored stays, also after Cancel.'
          : 'Nothing is added until it is complete.'}
      </p>
    </div>
  )
}

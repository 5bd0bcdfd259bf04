// One line at the bottom, the same on every screen: the link, the open database, what is staged.
import type { ReactNode } from 'react'
import type { ConnectionState } from '../../shared/connections.ts'
import type { DatabaseFacts } from '../../shared/profiles.ts'
import { stateWords } from '../ui/connection-states.ts'
import { useLink } from '../ui/use-link.ts'
import { plural } from '../ui/wording.ts'
import css from './status-bar.module.css'

const linkWords = { connecting: 'Connecting', open: 'Connected', lost: 'Connection lost', refused: 'Not connected' }

interface StatusBarProps {
  /** Undefined until the database is open. */
  facts: DatabaseFacts | undefined
  /** Staged changes of the open profile, over all its tables. */
  staged: number
  /** The connection to the server of the open profile; undefined for a file, which needs none. */
  connection: ConnectionState | undefined
  /** The connections of the open profile. */
  gauge: ReactNode
}

export function StatusBar({ facts, staged, connection, gauge }: StatusBarProps) {
  const { state } = useLink()
  // While Roster itself answers, the way from it to the server is what matters.
  const isWaiting = state === 'open' && connection !== undefined && connection.state !== 'open'
  return (
    <>
      <span className={css.link}>
        <span className={css.dot} data-state={isWaiting ? connection.state : state} aria-hidden />
        {isWaiting ? stateWords(connection) : linkWords[state]}
      </span>
      {facts && (
        <>
          <span>{facts.version}</span>
          {facts.details[0] && (
            <span>
              {facts.details[0].name}: {facts.details[0].value}
            </span>
          )}
          <span>{facts.encoding}</span>
        </>
      )}
      {gauge}
      <span className={css.staged} data-any={staged > 0 || undefined}>
        {staged > 0 ? plural(staged, 'staged edit') : 'No staged edits'}
      </span>
    </>
  )
}

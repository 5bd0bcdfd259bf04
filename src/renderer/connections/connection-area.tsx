// What a server's profile shows for the state of its connection: the way to open, or its content, under a banner while lost.
import type { ReactNode } from 'react'
import type { ConnectionState } from '../../shared/connections.ts'
import type { ServerProfile } from '../../shared/profiles.ts'
import { ClosedPanel } from './closed-panel.tsx'
import css from './connection-area.module.css'
import { PasswordPrompt } from './password-prompt.tsx'
import { ReconnectBanner } from './reconnect-banner.tsx'
import { closeServer } from './use-connecting.ts'
import { WaitingScreen } from './waiting-screen.tsx'

interface ConnectionAreaProps {
  profile: ServerProfile
  /** Undefined until the host has told. */
  state: ConnectionState | undefined
  /** Something of the database is on the screen. */
  isRead: boolean
  onEdit: (() => void) | undefined
  /** The content of the open database. */
  children: ReactNode
}

export function ConnectionArea({ profile, state, isRead, onEdit, children }: ConnectionAreaProps) {
  if (state === undefined) return null
  if (state.state === 'closed') return <ClosedPanel profile={profile} />
  if (state.state === 'needs-password') {
    return (
      <div className={css.prompt}>
        <PasswordPrompt
          // What was typed for one login is not offered to the next.
          key={`${profile.id} ${state.role}`}
          profile={profile}
          user={state.user}
          role={state.role}
          problem={state.problem}
          onCancel={() => closeServer(profile.id)}
          onEdit={onEdit}
        />
      </div>
    )
  }
  const isLost = state.state !== 'open'
  if (isLost && (state.why === 'open' || !isRead)) {
    return <WaitingScreen key={profile.id} profile={profile} state={state} onEdit={onEdit} />
  }
  return (
    <div className={css.area}>
      {isLost && <ReconnectBanner profile={profile} state={state} onEdit={onEdit} />}
      <div className={css.content}>{children}</div>
    </div>
  )
}

// What is open: the profile's name, where its file is, and whether it can be written.
import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { Check, Copy, Lock } from 'lucide-react'
import { addressOf, type DatabaseFacts, type Profile } from '../../shared/profiles.ts'
import { EnvironmentMark } from '../ui/environment-mark.tsx'
import { PathText } from '../ui/path-text.tsx'
import css from './top-bar.module.css'

interface TopBarProps {
  profile: Profile
  /** Undefined until the database is open. */
  facts: DatabaseFacts | undefined
}

export function TopBar({ profile, facts }: TopBarProps) {
  return (
    <>
      <EnvironmentMark environment={profile.environment} />
      <h1 className={css.name}>{profile.name}</h1>
      <div className={css.path}>
        <PathText path={addressOf(profile)} />
        <CopyButton value={addressOf(profile)}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? 'Copied' : 'Copy address'}>
              <ActionIcon size={22} onClick={copy} aria-label="Copy address">
                {copied ? <Check size={14} /> : <Copy size={14} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </div>
      {facts?.readOnly && (
        <Tooltip label={facts.readOnly} events={{ hover: true, focus: true, touch: true }}>
          <span className={css.badge} tabIndex={0} aria-description={facts.readOnly}>
            <Lock size={12} aria-hidden />
            Read-only
          </span>
        </Tooltip>
      )}
    </>
  )
}

// Above Migrations, where they have a login of their own whose password is typed in: asks for it before it is needed.
import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import type { ServerProfile } from '../../shared/profiles.ts'
import { api } from '../api.ts'
import { Notice } from '../ui/notice.tsx'
import { PasswordPrompt } from './password-prompt.tsx'
import css from './connection-area.module.css'

/** `children` below the line that asks; alone where nothing has to be asked. */
export function WithSchemaPassword({ profile, children }: { profile: ServerProfile; children: ReactNode }) {
  return (
    <div className={css.area}>
      <SchemaPassword profile={profile} />
      <div className={css.content}>{children}</div>
    </div>
  )
}

function SchemaPassword({ profile }: { profile: ServerProfile }) {
  const [isAsking, setAsking] = useState(false)
  const login = profile.schemaLogin
  const isAsked = login?.secret.kind === 'ask'
  const has = useQuery({
    queryKey: ['profiles', 'has-passwords', profile.id],
    queryFn: ({ signal }) => api.profiles.hasPasswords({ profileId: profile.id }, { signal }),
    enabled: isAsked,
    staleTime: 0,
  })
  if (!login || !isAsked || !has.data) return null
  const isGiven = has.data.schema
  return (
    <>
      <Notice
        tone={isGiven ? 'note' : 'warn'}
        actions={
          <Button onClick={() => setAsking(true)}>{isGiven ? 'Enter another password' : 'Enter the password'}</Button>
        }
      >
        Migrations sign in as {login.user}.
        {!isGiven && ' The password of this login is needed before anything can run.'}
      </Notice>
      {isAsking && (
        <Modal opened onClose={() => setAsking(false)} withCloseButton={false} size={470} padding={0}>
          <PasswordPrompt
            profile={profile}
            user={login.user}
            role="schema"
            problem={null}
            onCancel={() => setAsking(false)}
            onGiven={() => {
              setAsking(false)
              void has.refetch()
            }}
          />
        </Modal>
      )}
    </>
  )
}

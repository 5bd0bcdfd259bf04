// Asks for the password of a login, and says why when the last one was refused.
import { Button, Checkbox, PasswordInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useState, type SubmitEvent } from 'react'
import type { LoginRole } from '../../shared/connections.ts'
import type { ServerProfile } from '../../shared/profiles.ts'
import { api } from '../api.ts'
import { wordsOf } from '../ui/call-error.ts'
import { Notice } from '../ui/notice.tsx'
import { askedWords } from './asked-words.ts'
import { connection } from './connection-calls.ts'
import css from './password-prompt.module.css'
import { useReadProfiles } from './use-read-profiles.ts'

interface PasswordPromptProps {
  profile: ServerProfile
  user: string
  role: LoginRole
  /** Why the last password was of no use, or null. */
  problem: string | null
  /** The password was taken. */
  onGiven?: () => void
  onCancel: () => void
  onEdit?: (() => void) | undefined
}

export function PasswordPrompt({ profile, user, role, problem, onGiven, onCancel, onEdit }: PasswordPromptProps) {
  const [password, setPassword] = useState('')
  const [isKept, setKept] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [isGiving, setGiving] = useState(false)
  const storage = useQuery({
    queryKey: ['app', 'secret-storage'],
    queryFn: ({ signal }) => api.app.secretStorage(undefined, { signal }),
    staleTime: 0,
  })
  const readProfiles = useReadProfiles()
  const asked = askedWords(profile, role, user)
  const canKeep = storage.data?.state === 'ready'

  const give = async (event: SubmitEvent) => {
    event.preventDefault()
    if (isGiving) return
    setGiving(true)
    setRefusal(null)
    try {
      await connection.givePassword(profile.id, { password, role, keep: canKeep && isKept })
      setPassword('')
      // The keychain is where the profile says from now on.
      if (canKeep && isKept) await readProfiles()
      onGiven?.()
    } catch (error) {
      setRefusal(wordsOf(error).message)
    } finally {
      setGiving(false)
    }
  }

  return (
    <form className={css.form} onSubmit={(event) => void give(event)} aria-label={asked.title}>
      <h2 className={css.title}>
        <KeyRound size={18} aria-hidden /> {asked.title}
      </h2>
      <p className={css.where}>{asked.where}</p>
      {(refusal ?? problem) && (
        <div role="alert" className={css.problem}>
          <Notice tone="bad">{refusal ?? problem}</Notice>
        </div>
      )}
      <PasswordInput
        label={asked.label}
        size="xs"
        value={password}
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
        maxLength={10_000}
        data-autofocus
        autoFocus
      />
      {canKeep && (
        <Checkbox
          size="xs"
          mt={10}
          label="Keep it in the keychain of this computer"
          checked={isKept}
          onChange={({ currentTarget }) => setKept(currentTarget.checked)}
        />
      )}
      <p className={css.note}>
        {canKeep && isKept
          ? 'It is sealed by the keychain and used the next time, too.'
          : 'It stays in memory until the profile is closed.'}
      </p>
      <div className={css.actions}>
        <Button type="submit" variant="filled" loading={isGiving}>
          {asked.verb}
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
        {onEdit && <Button onClick={onEdit}>Edit profile</Button>}
      </div>
    </form>
  )
}

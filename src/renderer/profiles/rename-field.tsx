// A profile's name as a field: Enter or leaving it saves, Escape keeps the old name.
import { TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import type { Profile } from '../../shared/profiles.ts'
import { wordsOf } from '../ui/call-error.ts'
import { useRename } from './profiles-queries.ts'
import css from './profile-item.module.css'

const LONGEST = 80

export function RenameField({ profile, onEnd }: { profile: Profile; onEnd: () => void }) {
  const [name, setName] = useState(profile.name)
  const rename = useRename()
  const isOver = useRef(false)

  const end = () => {
    isOver.current = true
    onEnd()
  }
  const save = () => {
    if (isOver.current || rename.isPending) return
    const wanted = name.trim()
    if (wanted === '' || wanted === profile.name) return end()
    rename.mutate({ profileId: profile.id, name: wanted }, { onSuccess: end })
  }
  return (
    <TextInput
      className={css.rename}
      aria-label={`New name for ${profile.name}`}
      value={name}
      maxLength={LONGEST}
      autoFocus
      error={rename.error && wordsOf(rename.error).message}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setName(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Enter') save()
        if (event.key === 'Escape') end()
      }}
    />
  )
}

// Chooses what to compare with: a profile, which has to be open, and one of its tables.
import { Button, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Profile } from '../../shared/profiles.ts'
import { api } from '../api.ts'
import { wordsOf } from '../ui/call-error.ts'
import { stateWords, useConnection } from '../ui/connection-states.ts'
import { EnvironmentMark } from '../ui/environment-mark.tsx'
import { environmentNames } from '../ui/environment-words.ts'
import css from './compare.module.css'
import { likelyTable, type Choice, type Side } from './sides.ts'

interface OtherSideProps {
  here: Side
  choice: Choice | null
  onChoose: (choice: Choice) => void
  /** The side once it can be read, null as long as it cannot. */
  onReady: (side: Side | null) => void
  onOpenProfile: (profileId: string) => void
  onGoToProfile: (profileId: string) => void
}

export function OtherSide(props: OtherSideProps) {
  const { here, choice, onChoose, onReady } = props
  const { data } = useQuery({
    queryKey: ['profiles', 'list'],
    queryFn: ({ signal }) => api.profiles.list(undefined, { signal }),
  })
  const profiles = data?.profiles ?? []
  const profile = profiles.find(({ id }) => id === choice?.profileId)
  useEffect(() => {
    if (!profile) onReady(null)
  }, [profile, onReady])
  return (
    <div className={css.side}>
      <NativeSelect
        aria-label="Compare with"
        value={profile?.id ?? ''}
        onChange={({ currentTarget }) => onChoose({ profileId: currentTarget.value, table: null })}
        data={[
          ...(profile ? [] : [{ value: '', label: 'Choose a profile', disabled: true }]),
          ...profiles.map((each) => ({ value: each.id, label: profileLabel(each, here) })),
        ]}
      />
      {profile && <EnvironmentMark environment={profile.environment} />}
      {profile && <ChosenProfile key={profile.id} {...props} choice={choice as Choice} profile={profile} />}
    </div>
  )
}

function profileLabel({ id, name, environment }: Profile, here: Side): string {
  const stake = environment === 'none' ? '' : ` (${environmentNames[environment]})`
  return `${name}${stake}${id === here.profileId ? ', this profile' : ''}`
}

interface ChosenProfileProps extends OtherSideProps {
  choice: Choice
  profile: Profile
}

/** A file is opened by reading it; a server is opened by a person. */
function ChosenProfile(props: ChosenProfileProps) {
  const { profile, onReady, onOpenProfile, onGoToProfile } = props
  const state = useConnection(profile.id)
  const isOpen = profile.dialect === 'sqlite' || state?.state === 'open'
  useEffect(() => {
    if (!isOpen) onReady(null)
  }, [isOpen, onReady])
  if (isOpen) return <Tables {...props} />
  if (!state) return null
  const { name, id } = profile
  if (state.state === 'closed') {
    return (
      <span className={css.waiting} role="status">
        {name} is not open.
        <Button onClick={() => onOpenProfile(id)}>Open {name}</Button>
      </span>
    )
  }
  // What it needs is asked for on its own screen: a password, trust in a certificate, another try.
  return (
    <span className={css.waiting} role="status">
      {name}: {stateWords(state)}.<Button onClick={() => onGoToProfile(id)}>Go to {name}</Button>
    </span>
  )
}

function Tables({ here, choice, profile, onChoose, onReady }: ChosenProfileProps) {
  const { data, error } = useQuery({
    queryKey: ['tables', profile.id, 'list'],
    queryFn: ({ signal }) => api.tables.list({ profileId: profile.id }, { signal }),
    staleTime: 5_000,
  })
  const isThere = data?.some(({ name }) => name === choice.table) === true
  const table = isThere ? choice.table : data ? likelyTable(data, here.table) : null
  const { id, name, environment } = profile
  useEffect(() => {
    onReady(table === null ? null : { profileId: id, table, name, environment })
  }, [id, name, environment, table, onReady])
  if (error) return <span role="alert">{wordsOf(error).message}</span>
  if (!data) {
    return (
      <span className={css.waiting} role="status">
        Reading its tables…
      </span>
    )
  }
  return (
    <NativeSelect
      aria-label={`Table of ${name}`}
      value={table ?? ''}
      onChange={({ currentTarget }) => onChoose({ profileId: id, table: currentTarget.value })}
      data={[
        ...(table === null ? [{ value: '', label: 'Choose a table', disabled: true }] : []),
        ...data.map((each) => ({ value: each.name, label: each.name })),
      ]}
    />
  )
}

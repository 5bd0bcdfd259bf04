// The calls of the profiles feature and the keys their answers are kept under.
import { keepPreviousData, queryOptions, skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ConnectionFormat } from '../../shared/connection-strings.ts'
import type { DatabaseFacts, Profile, ProfileSettings, SettingsSource } from '../../shared/profiles.ts'
import { api } from '../api.ts'
import { useConnection } from '../ui/connection-states.ts'

export const profileKeys = {
  about: ['app', 'about'] as const,
  secretStorage: ['app', 'secret-storage'] as const,
  list: ['profiles', 'list'] as const,
  open: (profileId: string) => ['profiles', 'open', profileId] as const,
  hasPasswords: (profileId: string) => ['profiles', 'has-passwords', profileId] as const,
}

export const aboutQuery = queryOptions({
  queryKey: profileKeys.about,
  queryFn: ({ signal }) => api.app.about(undefined, { signal }),
})

export const secretStorageQuery = queryOptions({
  queryKey: profileKeys.secretStorage,
  queryFn: ({ signal }) => api.app.secretStorage(undefined, { signal }),
})

export function useProfiles() {
  return useQuery({ queryKey: profileKeys.list, queryFn: ({ signal }) => api.profiles.list(undefined, { signal }) })
}

/**
 * Opens the profile's database and says what it is; fails with the reason when it cannot be opened. Asked again when the
 * sessions of a cluster went to another node, which is another server.
 */
export function useDatabase(profileId: string | undefined) {
  const connection = useConnection(profileId ?? '')
  const movedAt = connection?.state === 'open' ? (connection.moved?.at ?? 0) : 0
  return useQuery<DatabaseFacts>({
    queryKey: [...profileKeys.open(profileId ?? ''), movedAt],
    // What is known of this database stays until the other node has told, and of no other database.
    placeholderData: (before, query) => (query?.queryKey[2] === profileId ? before : undefined),
    queryFn: ({ signal }) => api.profiles.open({ profileId: profileId ?? '' }, { signal }),
    enabled: profileId !== undefined,
  })
}

/** Which passwords are stored for a profile; never read from memory, as another window may have changed it. */
export function useHasPasswords(profileId: string | undefined) {
  return useQuery({
    queryKey: profileKeys.hasPasswords(profileId ?? ''),
    queryFn: ({ signal }) => api.profiles.hasPasswords({ profileId: profileId ?? '' }, { signal }),
    enabled: profileId !== undefined,
    staleTime: 0,
  })
}

function useChange<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient()
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: profileKeys.list }) })
}

export function useAddFile() {
  return useChange((path: string) => api.profiles.addFile({ path }))
}

export function useRename() {
  return useChange((input: { profileId: string; name: string }) => api.profiles.rename(input))
}

export function useRemove() {
  return useChange((profileId: string) => api.profiles.remove({ profileId }))
}

export function useDuplicate() {
  return useChange((profileId: string) => api.profiles.duplicate({ profileId }))
}

export interface Filled {
  settings: ProfileSettings
  password?: string
  schemaPassword?: string
  sshPassword?: string
  jumpPassword?: string
  certificatePassword?: string
  imported?: string
}

/** Stores a new profile, or the changed settings of one. */
export function useSaveProfile() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ profileId, ...filled }: Filled & { profileId?: string }) =>
      profileId === undefined ? api.profiles.create(filled) : api.profiles.update({ profileId, ...filled }),
    async onSuccess({ id }) {
      await client.invalidateQueries({ queryKey: profileKeys.list })
      // Whatever was read through this profile may be of another database now.
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes(id) })
    },
  })
}

/** Tries one connection. What the server says is an answer; an error is about the fields. */
export function useTestSettings() {
  return useMutation({
    mutationFn: ({ signal, ...input }: Filled & { profileId?: string; signal: AbortSignal }) =>
      api.profiles.test(input, { signal }),
  })
}

/** The new order is shown at once, and taken back when it could not be stored. */
export function useReorder() {
  const client = useQueryClient()
  const put = (order: (profiles: Profile[]) => Profile[]) =>
    client.setQueryData(
      profileKeys.list,
      (list: Awaited<ReturnType<typeof api.profiles.list>> | undefined) =>
        list && { ...list, profiles: order(list.profiles) },
    )
  return useMutation({
    mutationFn: (profileIds: string[]) => api.profiles.reorder({ profileIds }),
    onMutate: (profileIds) =>
      void put((profiles) => [...profiles].sort((a, b) => profileIds.indexOf(a.id) - profileIds.indexOf(b.id))),
    onSettled: () => client.invalidateQueries({ queryKey: profileKeys.list }),
  })
}

/**
 * What is understood of settings. Null reads nothing; of a text that changes, the last answer stays until the next one is
 * there. Kept no longer than it is shown: a pasted text has a password in it.
 */
export function useSettingsPreview(source: SettingsSource | null, accepted: readonly string[]) {
  return useQuery({
    queryKey: ['profiles', 'read-settings', source, accepted],
    queryFn: source
      ? ({ signal }) => api.profiles.readSettings({ source, accepted: [...accepted] }, { signal })
      : skipToken,
    placeholderData: keepPreviousData,
    gcTime: 0,
    staleTime: 0,
    retry: false,
  })
}

/** The profile's address in another software's form; with the password only where a person asks for it. */
export function useConnectionString(profileId: string, format: ConnectionFormat, withPassword: boolean) {
  return useQuery({
    queryKey: ['profiles', 'connection-string', profileId, format, withPassword],
    queryFn: ({ signal }) => api.profiles.connectionString({ profileId, format, withPassword }, { signal }),
    gcTime: 0,
    staleTime: 0,
    retry: false,
  })
}

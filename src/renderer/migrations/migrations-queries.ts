// The calls of the migrations feature and the keys their answers are kept under.
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { HistoryEntry, MigrationList } from '../../shared/migration-steps.ts'
import { api } from '../api.ts'

export type { MigrationList }

export const migrationKeys = {
  list: (profileId: string) => ['migrations', profileId, 'list'] as const,
  history: (profileId: string) => ['migrations', profileId, 'history'] as const,
}

/** Milliseconds between looks while somebody else holds the lock: nothing tells when it is free. */
const LOCKED_AGAIN = 3_000

/** Which steps there are and which are applied. Read again when the window is looked at: other tools migrate too. */
export function useMigrations(profileId: string, enabled = true): UseQueryResult<MigrationList> {
  return useQuery({
    queryKey: migrationKeys.list(profileId),
    queryFn: ({ signal }) => api.migrations.list({ profileId }, { signal }),
    enabled,
    staleTime: 5_000,
    refetchOnWindowFocus: true,
    refetchInterval: ({ state }) => (state.data?.lock ? LOCKED_AGAIN : false),
  })
}

/** Milliseconds between looks at a history in which something still runs: a cancelled run is taken back after the page has left it. */
const RUNNING_AGAIN = 1_000

/** What was done with the steps of this database, as it is now. */
export function useHistory(profileId: string): UseQueryResult<HistoryEntry[]> {
  return useQuery({
    queryKey: migrationKeys.history(profileId),
    queryFn: ({ signal }) => api.migrations.history({ profileId }, { signal }),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.some(({ outcome }) => outcome === 'running') ? RUNNING_AGAIN : false),
  })
}

/** What the person calls the profile; its id until that is known. */
export function useProfileName(profileId: string): string {
  const { data } = useQuery({
    queryKey: ['profiles', 'list'],
    queryFn: ({ signal }) => api.profiles.list(undefined, { signal }),
  })
  return data?.profiles.find(({ id }) => id === profileId)?.name ?? profileId
}

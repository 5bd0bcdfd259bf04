// The calls of the migrations feature and the keys their answers are kept under.
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { Outputs } from '../../shared/contract.ts'
import { api } from '../api.ts'

export type MigrationList = Outputs['migrations']['list']

export const migrationKeys = {
  list: (profileId: string) => ['migrations', profileId, 'list'] as const,
}

/** Which steps there are and which are applied. Read again when the window is looked at: other tools migrate too. */
export function useMigrations(profileId: string, enabled = true): UseQueryResult<MigrationList> {
  return useQuery({
    queryKey: migrationKeys.list(profileId),
    queryFn: ({ signal }) => api.migrations.list({ profileId }, { signal }),
    enabled,
    staleTime: 5_000,
    refetchOnWindowFocus: true,
  })
}

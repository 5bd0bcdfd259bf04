// Which tables and views the open database has, for the sidebar.
import { useQuery } from '@tanstack/react-query'
import { api } from '../api.ts'

export const tableListKey = (profileId: string) => ['tables', profileId, 'list'] as const

/** Read again when the window is looked at: other programs make tables too. */
export function useTableList(profileId: string, enabled: boolean) {
  return useQuery({
    queryKey: tableListKey(profileId),
    queryFn: ({ signal }) => api.tables.list({ profileId }, { signal }),
    enabled,
    staleTime: 5_000,
    refetchOnWindowFocus: true,
  })
}

// The calls of the profiles feature and the keys their answers are kept under.
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api.ts'

export const profileKeys = {
  about: ['app', 'about'] as const,
  list: ['profiles', 'list'] as const,
  open: (profileId: string) => ['profiles', 'open', profileId] as const,
}

export const aboutQuery = queryOptions({
  queryKey: profileKeys.about,
  queryFn: ({ signal }) => api.app.about(undefined, { signal }),
})

export function useProfiles() {
  return useQuery({ queryKey: profileKeys.list, queryFn: ({ signal }) => api.profiles.list(undefined, { signal }) })
}

/** Opens the profile's database and says what it is; fails with the reason when it cannot be opened. */
export function useDatabase(profileId: string | undefined) {
  return useQuery({
    queryKey: profileKeys.open(profileId ?? ''),
    queryFn: ({ signal }) => api.profiles.open({ profileId: profileId ?? '' }, { signal }),
    enabled: profileId !== undefined,
  })
}

/** Reads a folder on the host's machine; undefined is the home folder. Of two readings only the later one answers. */
export function useReadFolder() {
  return useMutation({
    mutationFn: (path: string | undefined) => api.app.listFolder(path === undefined ? {} : { path }),
  })
}

export function useAddFile() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (path: string) => api.profiles.addFile({ path }),
    onSuccess: () => client.invalidateQueries({ queryKey: profileKeys.list }),
  })
}

export function useRename() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: { profileId: string; name: string }) => api.profiles.rename(input),
    onSuccess: () => client.invalidateQueries({ queryKey: profileKeys.list }),
  })
}

export function useRemove() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (profileId: string) => api.profiles.remove({ profileId }),
    onSuccess: () => client.invalidateQueries({ queryKey: profileKeys.list }),
  })
}

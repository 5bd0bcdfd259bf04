// The calls about a profile's migrations folder, and where their answers are kept.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api.ts'

/** The texts of one step, read anew whenever somebody looks: files are edited elsewhere. */
export function useSource(profileId: string, name: string | null) {
  return useQuery({
    queryKey: ['migrations', profileId, 'source', name],
    queryFn: ({ signal }) => api.migrations.source({ profileId, name: name ?? '' }, { signal }),
    enabled: name !== null,
    staleTime: 0,
    gcTime: 0,
  })
}

/**
 * The folder as it is now, to be looked at before it is trusted; never an answer from before. The key is one text, so that
 * nothing that asks for a profile's answers anew puts another folder under the eyes of somebody who is reading this one.
 */
export function useFolderNow(profileId: string) {
  return useQuery({
    queryKey: [`folder to trust of ${profileId}`],
    queryFn: async ({ signal }) => (await api.migrations.list({ profileId }, { signal })).folder,
    staleTime: 0,
    gcTime: 0,
  })
}

/** Something of the folder was changed: whatever was read of this profile's migrations is asked for again. */
function useFolderChange<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn,
    onSuccess() {
      void client.invalidateQueries({ queryKey: ['migrations'] })
      void client.invalidateQueries({ queryKey: ['profiles', 'list'] })
    },
  })
}

export function useTakeFolder(profileId: string) {
  return useFolderChange((path: string | null) => api.migrations.useFolder({ profileId, path }))
}

export function useTrust(profileId: string) {
  return useFolderChange((content: string) => api.migrations.trust({ profileId, content }))
}

export function useCreate(profileId: string) {
  return useFolderChange((file: { title: string; kind: 'ts' | 'js' | 'sql' }) =>
    api.migrations.create({ profileId, ...file }),
  )
}

/** Which door the page came through: only a window has the native dialog. */
export const aboutQuery = {
  queryKey: ['app', 'about'],
  queryFn: ({ signal }: { signal: AbortSignal }) => api.app.about(undefined, { signal }),
}

// The list of profiles is asked for anew where the host has changed one on the way to opening it.
import { useQueryClient } from '@tanstack/react-query'

export function useReadProfiles(): () => Promise<void> {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: ['profiles', 'list'] })
}

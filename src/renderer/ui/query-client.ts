// How answers are kept and when they are asked for again.
import { QueryClient } from '@tanstack/react-query'
import { isLinkLost, linkState } from '../api.ts'

/**
 * Only a lost link is a reason to ask again by itself: a declared error would come back the same. A call waits for the link
 * itself, so asking again costs nothing while it is down. Answers stay until something is known to have changed.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The host is on this machine: being offline says nothing about it.
        networkMode: 'always',
        retry: (_failures, error) => isLinkLost(error) && linkState().state !== 'refused',
        retryDelay: 300,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        staleTime: Infinity,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}

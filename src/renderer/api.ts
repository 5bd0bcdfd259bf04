// The contract's client. This file alone knows whether a port or a socket carries the calls.
import { createORPCClient } from '@orpc/client'
import type { Api } from '../shared/contract.ts'
import { calls } from './link/calls.ts'
import { retryPort, startPortLink } from './link/port-link.ts'
import { retrySocket, startSocketLink } from './link/socket-link.ts'
import { installTrustedTypes } from './link/trusted-types.ts'

export { isLinkLost } from './link/link-lost.ts'
export { linkState, onLinkState, type LinkState } from './link/link-state.ts'

/**
 * Every call of the contract. A call fails with a LinkLost error (`isLinkLost`) when the host could not be reached within
 * 10 s, or was lost while the call ran: then it may or may not have been carried out.
 */
export const api: Api = createORPCClient<Api>(calls)

const isDesktop = document.querySelector('meta[name="roster-door"]')?.getAttribute('content') === 'port'

/** Tries to reach the host now. */
export function retryNow(): void {
  if (isDesktop) retryPort()
  else retrySocket()
}

installTrustedTypes()
if (isDesktop) startPortLink()
else startSocketLink()

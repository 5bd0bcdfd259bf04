// A person decides about the host key of an SSH server: trusted from now on, or forgotten.
import { api } from '../implement.ts'

export const hostKeyCalls = {
  trustHostKey: api.connections.trustHostKey.handler(async ({ context, input }) => {
    await context.core.knownHosts.trust(input)
    return {}
  }),

  forgetHostKey: api.connections.forgetHostKey.handler(async ({ context, input }) => {
    await context.core.knownHosts.forget(input)
    return {}
  }),
}

// protocol: the handlers of our own schemes.
import type Electron from 'electron'
import { registerScheme } from './addresses.ts'
import { checkOptions, modelled, NotModelled } from './not-modelled.ts'
import { life } from './life.ts'

type Handle = (request: Request) => Response | Promise<Response>

const handlers = new Map<string, Handle>()

/** electron.d.ts, interface Protocol. */
export const protocol = modelled('protocol', {
  /** "This method can only be used before the ready event of the app module gets emitted and can be called only once." */
  registerSchemesAsPrivileged(schemes) {
    if (life.isReady) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    for (const { scheme, privileges } of schemes) {
      checkOptions('registerSchemesAsPrivileged', privileges, ['standard', 'secure', 'supportFetchAPI', 'codeCache'])
      if (!privileges?.standard || !privileges.secure) throw new NotModelled('a scheme that is not standard and secure')
      registerScheme(scheme)
    }
  },
  handle(scheme, handler) {
    if (!life.isReady) throw new Error('protocol.handle can only be used after app is ready')
    if (handlers.has(scheme)) throw new Error(`The scheme ${scheme} is handled already.`)
    handlers.set(scheme, handler)
  },
  unhandle: (scheme) => void handlers.delete(scheme),
  isProtocolHandled: (scheme) => handlers.has(scheme),
} satisfies Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle' | 'unhandle' | 'isProtocolHandled'>)

/** Asks the app's own handler. Null when the scheme has none: the request then fails, as for an unknown scheme. */
export async function answerOf(
  url: string,
  init: { method: string; headers?: Record<string, string>; body?: string },
): Promise<{ status: number; statusText: string; headers: [string, string][]; body: Buffer } | null> {
  const handler = handlers.get(/^([a-z]+):/.exec(url)?.[1] ?? '')
  if (!handler) return null
  // Written as it is: `URL` would already have taken the dots out of a path that a test wants to arrive whole.
  const request = new Request('https://placeholder.invalid/', init)
  const seen = new Proxy(request, {
    get: (target, key): unknown => {
      if (key === 'url') return url
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  const response = await handler(seen)
  const body = Buffer.from(await response.arrayBuffer())
  return { status: response.status, statusText: response.statusText, headers: [...response.headers], body }
}

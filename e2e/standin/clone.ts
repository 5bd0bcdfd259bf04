// Messages between main and page as text, with the rules of structured clone. The function runs on both ends: its source
// is put into the page, so it uses nothing from outside itself.

export interface Codec {
  /** Throws a DataCloneError for what cannot be cloned. */
  encode(value: unknown): string
  decode(text: string): unknown
}

type Code = null | boolean | string | number | Code[]

export function createCodec(): Codec {
  const views: Record<string, new (buffer: ArrayBuffer, offset: number, length: number) => ArrayBufferView> = {
    ...{ Uint8Array, Uint8ClampedArray, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array },
    ...{ Float32Array, Float64Array, BigInt64Array, BigUint64Array, DataView },
  }
  const errors: Record<string, ErrorConstructor> = { Error, RangeError, TypeError, SyntaxError, ReferenceError }

  function toBase64(buffer: ArrayBuffer): string {
    const bytes = new Uint8Array(buffer)
    let binary = ''
    for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
    return btoa(binary)
  }
  function fromBase64(text: string): ArrayBuffer {
    const binary = atob(text)
    const bytes = new Uint8Array(binary.length)
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = binary.charCodeAt(at)
    return bytes.buffer
  }

  function encode(value: unknown): string {
    const seen = new Map<object, number>()
    const put = (one: unknown): Code => {
      if (one === null || typeof one === 'boolean' || typeof one === 'string') return one
      if (one === undefined) return ['undefined']
      if (typeof one === 'bigint') return ['bigint', String(one)]
      if (typeof one === 'number') {
        return Number.isFinite(one) && !Object.is(one, -0) ? one : ['number', Object.is(one, -0) ? '-0' : String(one)]
      }
      if (typeof one !== 'object') throw new TypeError('unreachable: structuredClone has refused it')
      const before = seen.get(one)
      if (before !== undefined) return ['again', before]
      seen.set(one, seen.size)
      return putObject(one)
    }
    const putObject = (one: object): Code => {
      if (Array.isArray(one)) {
        return ['array', one.length, ...Object.entries(one).flatMap(([key, item]) => [key, put(item)])]
      }
      const tag = Object.prototype.toString.call(one).slice(8, -1)
      if (tag === 'Date') return ['date', put((one as Date).getTime())]
      if (tag === 'RegExp') return ['regexp', (one as RegExp).source, (one as RegExp).flags]
      if (tag === 'Map') return ['map', ...[...(one as Map<unknown, unknown>)].flat().map(put)]
      if (tag === 'Set') return ['set', ...[...(one as Set<unknown>)].map(put)]
      if (tag === 'ArrayBuffer') return ['buffer', toBase64(one as ArrayBuffer)]
      if (ArrayBuffer.isView(one)) {
        const length = 'length' in one ? (one.length as number) : one.byteLength
        return ['view', tag, put(one.buffer), one.byteOffset, length]
      }
      if (tag === 'Error') {
        const { name, message, stack } = one as Error
        return ['error', name, message, stack ?? '']
      }
      if (tag !== 'Object') throw new Error(`NotModelled: a ${tag} in a message`)
      return ['object', ...Object.entries(one).flatMap(([key, item]) => [key, put(item)])]
    }
    // The engine's own clone decides what may travel, and takes what getters say once.
    return JSON.stringify(put(structuredClone(value)))
  }

  function decode(text: string): unknown {
    const seen: unknown[] = []
    const take = (code: Code): unknown => {
      if (!Array.isArray(code)) return code
      const [kind, ...rest] = code as [string, ...Code[]]
      if (kind === 'undefined') return undefined
      if (kind === 'bigint') return BigInt(rest[0] as string)
      if (kind === 'number') return Number(rest[0])
      if (kind === 'again') return seen[rest[0] as number]
      const at = seen.push(null) - 1
      const keep = <T>(made: T): T => (seen[at] = made)
      if (kind === 'date') return keep(new Date(take(rest[0] ?? null) as number))
      if (kind === 'regexp') return keep(new RegExp(rest[0] as string, rest[1] as string))
      if (kind === 'buffer') return keep(fromBase64(rest[0] as string))
      if (kind === 'view') {
        const View = views[rest[0] as string]
        if (!View) throw new Error(`NotModelled: a ${String(rest[0])} in a message`)
        return keep(new View(take(rest[1] ?? null) as ArrayBuffer, rest[2] as number, rest[3] as number))
      }
      if (kind === 'error') {
        const [name, message, stack] = rest as [string, string, string]
        const error = new (errors[name] ?? Error)(message)
        error.stack = stack
        return keep(error)
      }
      if (kind === 'set') {
        const made = keep(new Set<unknown>())
        rest.forEach((item) => made.add(take(item)))
        return made
      }
      if (kind === 'map') {
        const made = keep(new Map<unknown, unknown>())
        for (let i = 0; i < rest.length; i += 2) made.set(take(rest[i] ?? null), take(rest[i + 1] ?? null))
        return made
      }
      const made = keep<Record<string, unknown>>(
        kind === 'array' ? (new Array(rest.shift() as number) as unknown as Record<string, unknown>) : {},
      )
      for (let i = 0; i < rest.length; i += 2) {
        const own = { value: take(rest[i + 1] ?? null), writable: true, enumerable: true, configurable: true }
        // Defined, not assigned: the name __proto__ is a name like any other.
        Object.defineProperty(made, rest[i] as string, own)
      }
      return made
    }
    return take(JSON.parse(text) as Code)
  }
  return { encode, decode }
}

export const codec = createCodec()

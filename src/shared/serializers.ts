// What JSON alone would bend on the way: bytes, Infinity, -0, undefined and the key `__proto__`. Both ends use the same list.

/** Bytes to base64 and back, as fast as this end can: neither Node nor a browser has what the other has. */
export interface Base64 {
  encode(bytes: Uint8Array): string
  /** Throws when the text is no base64. */
  decode(text: string): Uint8Array
}

/** One kind of value that travels in another form; `type` names it on the wire and never changes its meaning. */
export interface Serializer {
  type: number
  condition(value: unknown): boolean
  serialize(value: never): unknown
  deserialize(wire: unknown): unknown
}

/** For `customJsonSerializers`. Whole numbers as bigint, NaN, Date, Map and Set survive without help. */
export function serializers(base64: Base64): Serializer[] {
  return [
    {
      type: 20,
      condition: (value) => value instanceof Uint8Array,
      serialize: (value: Uint8Array) => base64.encode(value),
      deserialize: (wire) => base64.decode(asText(wire, 'bytes')),
    },
    {
      type: 21,
      condition: (value) => value === Infinity || value === -Infinity || Object.is(value, -0),
      serialize: (value: number) => (value === 0 ? '-0' : String(value)),
      deserialize: (wire) => {
        const number = { Infinity, '-Infinity': -Infinity, '-0': -0 }[asText(wire, 'a number')]
        if (number === undefined) throw new TypeError('Not a number that needs a name.')
        return number
      },
    },
    {
      // In arrays the library keeps it; as a property or alone it would be dropped.
      type: 22,
      condition: (value) => value === undefined,
      serialize: () => null,
      deserialize: () => undefined,
    },
    {
      // Assigning this key sets a prototype instead of a property, so such an object travels as its entries.
      type: 23,
      condition: (value) => typeof value === 'object' && value !== null && Object.hasOwn(value, '__proto__'),
      serialize: (value: object) => Object.entries(value),
      deserialize: (wire) => {
        if (!Array.isArray(wire)) throw new TypeError('Expected entries.')
        return Object.fromEntries(wire as [string, unknown][])
      },
    },
  ]
}

function asText(wire: unknown, what: string): string {
  if (typeof wire !== 'string') throw new TypeError(`Expected text for ${what}.`)
  return wire
}

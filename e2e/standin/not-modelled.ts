// What the stand-in does not play throws, so that no test passes on behaviour that nobody has looked up.
import { EventEmitter } from 'node:events'

export class NotModelled extends Error {
  constructor(what: string) {
    super(`NotModelled: ${what}`)
    this.name = 'NotModelled'
  }
}

/** Names that engines, loggers and `await` ask of any object. */
const ASKED_BY_ALL = new Set(['then', 'toJSON', 'inspect', 'nodeType', '$$typeof', 'asymmetricMatch', 'constructor'])

/** The object itself, except that names it does not have throw when they are read or written. */
export function modelled<T extends object>(name: string, object: T): T {
  return new Proxy(object, {
    get(target, key, receiver): unknown {
      if (typeof key === 'symbol' || key in target || ASKED_BY_ALL.has(key)) return Reflect.get(target, key, receiver)
      throw new NotModelled(`${name}.${key}`)
    },
    set(target, key, value, receiver): boolean {
      if (typeof key === 'symbol' || key in target) return Reflect.set(target, key, value, receiver)
      throw new NotModelled(`${name}.${key} = …`)
    },
  })
}

/** A part of Electron of which nothing is played: any use throws. */
export function nothingOf(name: string): never {
  const refuse = (what: string) => (): never => {
    throw new NotModelled(what)
  }
  // A class can be constructed, and called by nobody; the traps refuse both.
  return new Proxy(class {}, {
    apply: refuse(name),
    get(_target, key): unknown {
      if (typeof key === 'symbol' || ASKED_BY_ALL.has(key)) return undefined
      throw new NotModelled(`${name}.${key}`)
    },
    construct: refuse(`new ${name}()`),
  }) as never
}

/** Throws for an option that the stand-in would have to ignore. */
export function checkOptions(name: string, options: object | undefined, known: readonly string[]): void {
  for (const key of Object.keys(options ?? {})) {
    if (!known.includes(key)) throw new NotModelled(`${name}: the option ${key}`)
  }
}

/** A class of which every instance is held that way. Fields of a subclass, private ones too, are put on the proxy. */
export class Strict {
  constructor(name: string) {
    return modelled(name, this)
  }
}

function mustEmit(
  { modelledName, modelledEvents }: { modelledName: string; modelledEvents: readonly string[] },
  event: unknown,
): void {
  if (event === 'newListener' || event === 'removeListener' || modelledEvents.includes(String(event))) return
  throw new NotModelled(`${modelledName}.on('${String(event)}')`)
}

/** An emitter of Electron: names it does not have and events it never emits throw. */
export class Modelled<E extends Record<keyof E, unknown[]>> extends EventEmitter<E> {
  readonly modelledName: string
  readonly modelledEvents: readonly string[]

  constructor(name: string, events: readonly (keyof E)[]) {
    super()
    this.modelledName = name
    this.modelledEvents = events.map(String)
    return modelled(name, this)
  }

  override on(event: never, listener: never): this {
    mustEmit(this, event)
    return super.on(event, listener)
  }
  override once(event: never, listener: never): this {
    mustEmit(this, event)
    return super.once(event, listener)
  }
  override addListener(event: never, listener: never): this {
    mustEmit(this, event)
    return super.addListener(event, listener)
  }
  /** Emits, and returns whether a listener called `preventDefault`. */
  emitPreventable<K extends keyof E & string>(event: K, make: (first: PreventableEvent) => E[K]): boolean {
    const first = new PreventableEvent()
    const emit = this.emit.bind(this) as unknown as (event: string, ...args: unknown[]) => boolean
    emit(event, ...(make(first) as unknown[]))
    return first.defaultPrevented
  }
}

/** Electron's own first argument of listeners (structures/event). */
export class PreventableEvent {
  defaultPrevented = false
  preventDefault = (): void => {
    this.defaultPrevented = true
  }
}

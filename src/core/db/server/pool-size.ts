// How many connections a profile may have at once: an explicit number, or (2 x cores) + spindles of the database server.
import type { PoolState } from '../../../shared/connections.ts'

export interface PoolSize {
  /** Connections at most, 1 or more. */
  limit: number
  from: PoolState['limitFrom']
}

/** What a profile says; null is "not stated". */
export interface StatedSize {
  poolSize: number | null
  cores: number | null
  spindles: number | null
}

/** `machineCores`: what stands in for the server's cores until somebody states them. One spindle stands in likewise. */
export function poolSizeOf(stated: StatedSize, machineCores: number): PoolSize {
  if (stated.poolSize !== null) return { limit: Math.max(1, stated.poolSize), from: { kind: 'explicit' } }
  const cores = stated.cores ?? Math.max(1, machineCores)
  const spindles = stated.spindles ?? 1
  const isStated = stated.cores !== null && stated.spindles !== null
  return { limit: 2 * cores + spindles, from: { kind: 'formula', cores, spindles, isStated } }
}

// What a step is called: which names are the same step, and in which order steps are run.
import type { Direction } from '../../../shared/migration-steps.ts'

/** What can be run as a module. knex's command line has .mjs only where `loadExtensions` names it. */
const MODULE = /\.(?:[cm]?js|ts)$/
const DECLARATIONS = /\.d\.ts$/
const PAIR = /\.(up|down)\.sql$/
/** Beside our own, what knex's command line loads unless told otherwise: a ledger may hold such names. */
const EXTENSION = /\.(?:[cm]?[jt]s|sql|co|coffee|litcoffee|eg|iced|ls)$/

/** The same for all names of one step: without the extension, and of a pair of `.sql` files without ".up" and ".down". */
export function keyOf(name: string): string {
  return PAIR.test(name) ? name.replace(PAIR, '') : name.replace(EXTENSION, '')
}

/** knex's order: file names as they are, compared by code unit. Neither numbers nor the language matter to it. */
export function byName(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** Whether knex would take a file of this name for a step. A declaration of types is none, and hidden files are left out. */
export function isModuleName(name: string): boolean {
  return MODULE.test(name) && !DECLARATIONS.test(name) && !name.startsWith('.')
}

/** Which half of a pair of `.sql` files it is; null for every other file. */
export function sqlDirection(name: string): Direction | null {
  if (name.startsWith('.')) return null
  const found = PAIR.exec(name)?.[1]
  return found === 'up' || found === 'down' ? found : null
}

// Reads what not every login may read.
import type { Cell } from '../../../shared/cell.ts'
import type { Statement } from '../database.ts'
import type { Read } from '../server/server-dialect.ts'
import { classify } from './errors.ts'

/** Null when this login may not. */
export async function ifAllowed(read: Read, statement: Statement): Promise<Cell[][] | null> {
  try {
    return (await read(statement)).rows
  } catch (error) {
    if (classify(error).kind === 'no-privilege') return null
    throw error
  }
}

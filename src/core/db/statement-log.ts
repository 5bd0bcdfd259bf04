// Where every statement is noted as it is sent and as it is answered. What is kept of it is decided by whoever listens.

/** `read` cannot write; `write` is inside a transaction of rows; `schema` is work of migrations. */
export type StatementRole = 'read' | 'write' | 'schema'

/** A statement under way: one of the two is called, once. */
export interface Sent {
  /** `rows`: read or changed. */
  answered(rows: number): void
  /** `isCancelled`: nobody wanted the answer any more, and the database or the process was told so. */
  failed(error: unknown, isCancelled: boolean): void
}

export interface StatementLog {
  /** `times`: with how many sets of values it is sent at once; `values` is the first of them. */
  sent(role: StatementRole, sql: string, values: readonly unknown[], times?: number): Sent
}

/** Notes `start`, whatever becomes of it, and answers as it does. */
export function noted<T>(
  sent: Sent,
  start: () => Promise<T>,
  rowsOf: (result: T) => number,
  isCancelled: (error: unknown) => boolean,
): Promise<T> {
  return start().then(
    (result) => {
      sent.answered(rowsOf(result))
      return result
    },
    (error: unknown) => {
      sent.failed(error, isCancelled(error))
      throw error
    },
  )
}

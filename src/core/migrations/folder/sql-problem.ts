// What stands in the way of running a file of SQL, and where in it.

/** `line` counts from 1. The message names it, and says what to do. */
export class SqlProblem extends Error {
  readonly line: number

  constructor(line: number, words: string) {
    super(`Line ${line}: ${words}`)
    this.name = 'SqlProblem'
    this.line = line
  }
}

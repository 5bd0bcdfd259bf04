// Takes values out of the server's error messages, and the statement out of the driver's errors: both are shown and logged.

const QUOTED: [pattern: RegExp, instead: string][] = [
  [/Duplicate entry '.*' for key/s, 'Duplicate entry for key'],
  [/ near '.*' at line/s, ' at line'],
  // Up to the last of these words: the value may have them in it as well.
  [/ value: '.*'(?= for (?:column|function) )/s, ' value'],
  [/ value: '.*'(?= at row \d+$)/s, ' value'],
  [/ value: '.*'/s, ' value'],
  [/character string: '.*'/s, 'character string'],
  [/out of range in '.*'/s, 'out of range'],
  [/Illegal (\S+) '.*' value/s, 'Illegal $1 value'],
]

/** The server's words without the values that it quotes. */
export function withoutValues(message: string): string {
  let text = message
  for (const [pattern, instead] of QUOTED) text = text.replace(pattern, instead)
  return text
}

/** The driver's own error, without values and without the statement, which holds the values as literals. */
export function clean(error: Error): Error {
  const message = withoutValues(error.message)
  if (message !== error.message) {
    const before = error.message
    error.message = message
    // A function, because `$&` and its like in a message would be patterns otherwise.
    if (error.stack) error.stack = error.stack.replace(before, () => message)
  }
  const fields = error as { sql?: string; sqlMessage?: string }
  delete fields.sql
  delete fields.sqlMessage
  return error
}

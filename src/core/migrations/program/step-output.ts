// Inside the child: what a step prints, in lines, as much of it as anybody would read.

const LINE = 1_000
const LINES = 500

export interface StepOutput {
  /** Counts anew. */
  start(): void
  /** What is left of a line that has no end yet. */
  flush(): void
}

/** Takes the process's output and error output over: nothing of a step reaches the terminal. */
export function catchOutput(tell: (line: string) => void): StepOutput {
  let rest = ''
  let lines = 0

  function line(text: string) {
    lines++
    if (lines <= LINES) tell(text.length <= LINE ? text : `${text.slice(0, LINE - 1)}…`)
    else if (lines === LINES + 1) tell(`What the step prints after ${LINES} lines is left out.`)
  }

  function take(chunk: unknown, ...more: unknown[]): boolean {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString()
    const parts = (rest + text).split(/\r?\n/)
    // A step that never ends its line would fill the memory.
    rest = (parts.pop() ?? '').slice(0, LINE)
    parts.forEach(line)
    const done = more.find((argument) => typeof argument === 'function') as (() => void) | undefined
    if (done) process.nextTick(done)
    return true
  }

  process.stdout.write = take
  process.stderr.write = take
  return {
    start() {
      lines = 0
    },
    flush() {
      if (rest !== '') line(rest)
      rest = ''
    },
  }
}

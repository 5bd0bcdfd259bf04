// What the scripts share: where the project is, and running one of its tools.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'

export const project = dirname(import.meta.dirname)
export const inProject = (...path: string[]) => join(project, ...path)

/** A script whose starter is gone ends too; nothing is left running behind a closed terminal. */
export function endWithStarter(): void {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  // Listening keeps the script alive only while it works.
  process.channel?.unref()
}

export interface Ended {
  code: number
  output: string
}

/**
 * Runs a program of node_modules (its JavaScript file) under this Node. With `show`, its output goes to the terminal as it
 * comes; otherwise, or with `collect` too, it is collected.
 */
export function runTool(
  file: string,
  args: readonly string[],
  options: { show?: boolean; collect?: boolean; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  return runProgram(process.execPath, [inProject(file), ...args], options)
}

export function runProgram(
  program: string,
  args: readonly string[],
  {
    show = false,
    collect = !show,
    env = process.env,
    cwd = project,
  }: { show?: boolean; collect?: boolean; env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: ['ignore', collect ? 'pipe' : 'inherit', collect ? 'pipe' : 'inherit'],
    })
    let output = ''
    const hear = (text: Buffer) => {
      output += text.toString()
      if (show) process.stdout.write(text)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    const stop = () => child.kill('SIGTERM')
    process.once('SIGTERM', stop)
    child.on('error', (error) => resolve({ code: 127, output: error.message }))
    child.on('close', (code) => {
      process.off('SIGTERM', stop)
      resolve({ code: code ?? 1, output })
    })
  })
}

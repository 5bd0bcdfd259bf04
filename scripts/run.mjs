// Runs one of the project's scripts under the project's own Node, after setting up what is missing:
// `node scripts/run.mjs scripts/start.ts --browser`. Ends with the script, and the script ends with it.
import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { nodeProgram, project, setUp } from './setup.mjs'

const [script, ...rest] = process.argv.slice(2)
setUp()

// npm sends SIGTERM to its shell alone, which leaves this process without its parent: that is noticed here.
const PARENT_CHECK = 250

const node = nodeProgram()
const child = spawn(node, [join(project, script), ...rest], {
  cwd: project,
  // The channel tells the script when this process is gone, however it ended.
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  env: { ...process.env, PATH: `${join(project, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}` },
})

const end = () => child.kill('SIGTERM')
// Ctrl+C reaches the whole group; a SIGINT sent to this process alone is passed on as a wish to end.
process.on('SIGINT', () => setTimeout(end, 100))
process.on('SIGTERM', end)
process.on('SIGHUP', end)

const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent) end()
}, PARENT_CHECK).unref()

child.on('error', (error) => {
  console.error(`${node} could not be started: ${error.message}`)
  process.exit(1)
})
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGTERM' || signal === 'SIGINT' ? 0 : 1)))

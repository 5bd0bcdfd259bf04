// Runs the measurements one after the other: `npm run bench`, or `npm run bench -- sqlite-event-loop`.
import { readdirSync } from 'node:fs'
import { endWithStarter, inProject, runTool } from './project.ts'

endWithStarter()
const wanted = process.argv.slice(2)
const all = readdirSync(inProject('bench')).filter((file) => file.endsWith('.ts'))
const chosen = wanted.length > 0 ? wanted.map((name) => `${name}.ts`) : all
const unknown = chosen.find((file) => !all.includes(file))
if (unknown) {
  console.error(`There is no bench/${unknown}. Name some of: ${all.map((file) => file.slice(0, -3)).join(', ')}.`)
  process.exit(2)
}
for (const file of chosen) {
  console.log(`\n${file}`)
  const { code } = await runTool(`bench/${file}`, [], { show: true })
  if (code !== 0) process.exit(code)
}

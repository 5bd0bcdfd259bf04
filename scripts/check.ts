// Format, types and lint: what must hold before a test is worth running.
import { existsSync } from 'node:fs'
import { endWithStarter, inProject, runTool } from './project.ts'

/** The code that packs has packages of its own; where they are not installed, it is not looked at. */
const packaging: readonly [string, string, readonly string[]][] = existsSync(inProject('packaging/node_modules'))
  ? [['types (packaging)', 'node_modules/typescript/bin/tsc', ['-p', 'packaging']]]
  : []

const CHECKS: readonly [name: string, file: string, args: readonly string[]][] = [
  ['types (Node)', 'node_modules/typescript/bin/tsc', ['-p', 'tsconfig.node.json']],
  ['types (page)', 'node_modules/typescript/bin/tsc', ['-p', 'tsconfig.web.json']],
  ['types (verify)', 'node_modules/typescript/bin/tsc', ['-p', 'tsconfig.verify.json']],
  ...packaging,
  ['lint and layers', 'node_modules/eslint/bin/eslint.js', ['--max-warnings=0', '.']],
  ['format', 'node_modules/prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']],
]

/** Runs every check and prints what failed. Returns how many passed and failed. */
export async function check(): Promise<{ passed: number; failed: number }> {
  const results = await Promise.all(
    CHECKS.map(async ([name, file, args]) => {
      const { code, output } = await runTool(file, args)
      console.log(code === 0 ? `✓ ${name}` : `✗ ${name}\n${output}`)
      return code === 0
    }),
  )
  const passed = results.filter(Boolean).length
  return { passed, failed: results.length - passed }
}

if (import.meta.main) {
  endWithStarter()
  const { failed } = await check()
  process.exit(failed > 0 ? 1 : 0)
}

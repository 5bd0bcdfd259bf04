// Format, types and lint: what must hold before a test is worth running.
import { endWithStarter, runTool } from './project.ts'

const CHECKS: readonly [name: string, file: string, args: readonly string[]][] = [
  ['types (Node)', 'node_modules/typescript/bin/tsc', ['-p', 'tsconfig.node.json']],
  ['types (page)', 'node_modules/typescript/bin/tsc', ['-p', 'tsconfig.web.json']],
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

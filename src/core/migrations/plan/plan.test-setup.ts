// What the tests of this folder share: a folder of knex migrations that is trusted, and the plan of it.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TestServer } from '../../../../scripts/servers/server.ts'
import type { MigrationAction, StepPlan } from '../../../shared/migration-runs.ts'
import { filesIn, never, testProject, type TestProject } from '../project.test-setup.ts'
import { planMigrations } from './plan.ts'

export interface Planned {
  plans: StepPlan[]
  outcome: string
  message: string
}

export interface PlanTest extends TestProject {
  /** Plans the folder that holds these files alone. */
  plan(
    files: Readonly<Record<string, string>>,
    options?: { action?: MigrationAction; signal?: AbortSignal; idleLimit?: number },
  ): Promise<Planned>
}

export async function planTest(
  server: TestServer | null = null,
  open?: Parameters<typeof testProject>[1],
): Promise<PlanTest> {
  const test = await testProject(server, open)
  let folders = 0
  return {
    ...test,
    async plan(files, options = {}) {
      const { action = { kind: 'all' } as const, signal = never, idleLimit = 30_000 } = options
      const migrationsFolder = join(test.folder, `migrations-${++folders}`)
      mkdirSync(migrationsFolder)
      filesIn(migrationsFolder, files)
      const { folder } = await test.project({ migrationsFolder })
      await test.core.trust.trust(migrationsFolder, folder.content)
      const project = await test.project({ migrationsFolder })
      const plans: StepPlan[] = []
      for await (const event of planMigrations({ project, action, signal, idleLimit })) {
        if (event.kind === 'step') plans.push(event.plan)
        else return { plans, outcome: event.outcome, message: event.message }
      }
      throw new Error('The plan did not end with `finished`.')
    },
  }
}

/** A CommonJS migration out of the bodies of its functions. */
export function step(up: string, down = '', config = ''): string {
  const undo = down === '' ? '' : `exports.down = async (knex) => { ${down} }\n`
  return `exports.up = async (knex) => { ${up} }\n${undo}${config}`
}

export const sqlOf = (plan: StepPlan | undefined) => plan?.statements.map(({ sql }) => sql) ?? []

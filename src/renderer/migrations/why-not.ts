// Why a migration action cannot be used just now, in words; null when it can.
import type { MigrationAction } from '../../shared/migrations.ts'
import type { MigrationList } from './migrations-queries.ts'

export function whyNot(list: MigrationList, isBusy: boolean): Record<MigrationAction, string | null> {
  const always = isBusy ? 'A run is under way.' : list.blocked
  const pending = list.steps.some(({ state }) => state === 'pending') ? null : 'Every step is applied.'
  return { all: always ?? pending, next: always ?? pending, rollback: always ?? whyNoRollback(list) }
}

function whyNoRollback({ steps, lastBatch }: MigrationList): string | null {
  if (lastBatch.length === 0) return 'No step is applied.'
  const missing = steps.find(({ name, state }) => state === 'missing' && lastBatch.includes(name))
  return missing ? `${missing.name} is in the last batch, and its file is missing.` : null
}

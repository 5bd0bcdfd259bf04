// The tables that a person looked at last: kept while they are elsewhere, so that coming back shows what was left, with its
// order, search, place and current cell.
import { onConnection } from '../ui/connection-states.ts'
import { TableModel } from './table-model.ts'

/** Tables kept; each holds at most 10,000 rows. */
const KEPT = 8

/** The one used last is the last. */
const models = new Map<string, TableModel>()

/** The table's model: the one that was left, or a new one. */
export function tableModel(profileId: string, table: string): TableModel {
  const address = JSON.stringify([profileId, table])
  const model = models.get(address) ?? begin(profileId, table)
  models.delete(address)
  models.set(address, model)
  for (const oldest of [...models.keys()].slice(0, -KEPT)) models.delete(oldest)
  return model
}

const watched = new Set<string>()

function begin(profileId: string, table: string): TableModel {
  if (!watched.has(profileId)) {
    watched.add(profileId)
    // The next thing that is opened under this name may be another database.
    onConnection(profileId, ({ state }) => {
      if (state === 'closed') forget(profileId)
    })
  }
  return new TableModel(profileId, table)
}

function forget(profileId: string): void {
  for (const [address, model] of models) if (model.profileId === profileId) models.delete(address)
}

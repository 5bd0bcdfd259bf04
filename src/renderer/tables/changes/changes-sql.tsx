// The exact statements of a save of what is staged, in the order in which they would run; to be read and copied.
import { MOST_CHANGES, type Change } from '../../../shared/tables.ts'
import { api } from '../../api.ts'
import { Statements } from '../history/statements.tsx'
import type { TableModel } from '../table-model.ts'

export function ChangesSql({ model, changes }: { model: TableModel; changes: readonly Change[] }) {
  const { profileId, table } = model
  const isTooMany = changes.length > MOST_CHANGES
  return (
    <Statements
      label="SQL of the changes"
      about={changes}
      read={(most, signal) =>
        api.tables.sql({ profileId, table, changes: changes.slice(0, MOST_CHANGES), most }, { signal })
      }
      note={isTooMany ? `One save takes at most ${MOST_CHANGES.toLocaleString('en-US')} changes.` : null}
    />
  )
}

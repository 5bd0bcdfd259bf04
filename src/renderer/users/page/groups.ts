// The columns of a user in the order in which a person thinks of them.
import type { Column, TableDescription } from '../../../shared/tables.ts'

export interface ColumnGroup {
  title: string
  columns: { column: Column; index: number }[]
}

const SECURITY = /^(tf|us|mf|fs)_|token|secret|totp|password|_key$/i

/** Groups without a column are left out. */
export function groupsOf({ columns, owner }: TableDescription): ColumnGroup[] {
  const user = owner?.user
  const titleOf = ({ name, kind, keyPosition }: Column): string => {
    if (keyPosition > 0 || name === user?.email || name === user?.username || /_name$|^sso_id$/.test(name)) return 'Who'
    if ([user?.active, user?.gate?.column, user?.confirmedAt, user?.deletedAt].includes(name)) return 'Access'
    if (name === user?.password || name === user?.uniquifier || SECURITY.test(name)) return 'Security'
    return kind === 'datetime' || kind === 'date' ? 'Times' : 'Further'
  }
  // What a group is about comes first in it; the rest as the table has it.
  const first = [user?.email, user?.password, user?.uniquifier]
  const placeOf = ({ column }: { column: Column }) => {
    const place = first.indexOf(column.name)
    return place < 0 ? first.length : place
  }
  const placed = columns.map((column, index) => ({ column, index }))
  return ['Who', 'Access', 'Security', 'Times', 'Further'].flatMap((title) => {
    const own = placed.filter(({ column }) => titleOf(column) === title).sort((a, b) => placeOf(a) - placeOf(b))
    return own.length > 0 ? [{ title, columns: own }] : []
  })
}

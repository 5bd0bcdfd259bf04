// Which constraint a failure stands for.
import type { ConstraintFailure } from '../database.ts'
import type { Failure } from '../failure.ts'

const KINDS: Record<ConstraintFailure['kind'], number[]> = {
  unique: [1062, 1169, 1557, 1586, 1761, 1762],
  'not-null': [1048, 1263, 1364],
  'foreign-key': [1216, 1217, 1451, 1452],
  // A trigger's own SIGNAL (1644) is a check, and so are a view's WITH CHECK OPTION and a table without a fitting partition.
  check: [1369, 1526, 1644, 3819, 4025],
  type: [1264, 1265, 1292, 1300, 1366, 1367, 1406, 1411, 1416, 1525, 1690, 3140],
}
const BY_CODE = new Map(
  Object.entries(KINDS).flatMap(([kind, numbers]) =>
    numbers.map((number) => [String(number), kind as ConstraintFailure['kind']]),
  ),
)

export function constraint(failure: Failure): ConstraintFailure | null {
  if (failure.kind !== 'constraint') return null
  const kind = BY_CODE.get(failure.code) ?? (failure.code === 'ROSTER_VALUE' ? 'type' : 'check')
  const { columns = [], message, constraint: name } = failure
  return { kind, columns, message, ...(name !== undefined && { constraint: name }) }
}

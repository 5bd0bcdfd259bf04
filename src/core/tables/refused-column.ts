// Which cell a refusal is about, where the database names none: told by the values themselves, or by the words of a rule.
import type { Change } from '../../shared/tables.ts'
import type { ConstraintFailure } from '../db/database.ts'
import { quoteTable } from '../db/postgres/names.ts'
import type { CheckScope } from './check-look.ts'
import { problemsOf } from './check.ts'

/** Null where it cannot be told. Never throws. */
export async function refusedColumn(
  scope: CheckScope,
  change: Change,
  failure: ConstraintFailure,
): Promise<string | null> {
  if (change.kind === 'delete') return null
  const given = Object.keys(change.values)
  const named = failure.columns.find((name) => given.includes(name)) ?? failure.columns[0]
  if (named !== undefined) return named
  if (given.length === 1 && change.kind === 'update') return given[0] ?? null
  if (failure.kind === 'check') return ofRule(scope, given, failure).catch(() => null)
  const problems = await problemsOf(scope, [change]).catch(() => [])
  const kinds = failure.kind === 'type' ? ['type', 'length'] : [failure.kind]
  return problems.find(({ kind }) => kinds.includes(kind))?.column ?? null
}

/** The one of the given columns that the rule speaks of; null when it speaks of several of them, or of none. */
async function ofRule(scope: CheckScope, given: string[], failure: ConstraintFailure): Promise<string | null> {
  const text = [failure.message, await definitionOf(scope, failure.constraint ?? null)].join(' ')
  const words = new Set(text.match(/[\p{L}\p{N}_$]+/gu)?.map((word) => word.toLowerCase()))
  const meant = given.filter((name) => words.has(name.toLowerCase()))
  return meant.length === 1 ? (meant[0] ?? null) : null
}

async function definitionOf({ database, shape, signal }: CheckScope, name: string | null): Promise<string> {
  if (name === null || database.dialect === 'sqlite') return ''
  const statement =
    database.dialect === 'postgres'
      ? {
          sql: `select pg_get_constraintdef(oid) from pg_constraint
                where conname = $1::text and conrelid = to_regclass($2::text)`,
          values: [name, quoteTable(shape.name)],
        }
      : {
          sql: `select CHECK_CLAUSE from information_schema.CHECK_CONSTRAINTS
                where CONSTRAINT_SCHEMA = DATABASE() and CONSTRAINT_NAME = ?`,
          values: [name],
        }
  const { rows } = await database.read(statement, signal)
  return rows.map(([text]) => String(text)).join(' ')
}

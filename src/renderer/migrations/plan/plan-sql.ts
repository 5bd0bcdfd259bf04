// A whole plan as one SQL text, to read elsewhere, to review, or to keep.
import type { PlannedStatement, StepPlan } from '../../../shared/migration-runs.ts'
import { summaryOf, summaryWords } from './plan-summary.ts'

/** Statements as they would be sent, one after the other, with what is known of them as comments. */
export function planSql(plans: readonly StepPlan[], title: string): string {
  const head = [
    comment(title),
    comment(summaryWords(summaryOf(plans))),
    comment('The ledger and the journal are not part of this text: run by hand, these steps stay pending for Roster.'),
  ]
  return `${[head.join('\n'), ...plans.map((plan, index) => stepSql(plan, index + 1, plans.length))].join('\n\n')}\n`
}

function stepSql(plan: StepPlan, number: number, of: number): string {
  const lines = [
    comment(`Step ${number} of ${of}: ${plan.name}${plan.direction === 'down' ? ', undone' : ''}`),
    comment(plan.isAtomic ? 'All of it is kept or nothing: one transaction.' : 'Each statement is kept by itself.'),
    ...plan.notes.map(comment),
  ]
  const statements = plan.statements.map((statement, index) => statementSql(statement, plan.statements[index - 1]))
  const end = plan.problem === null ? [] : [comment(`Not known to its end: ${plan.problem}`)]
  if (statements.length === 0 && end.length === 0) end.push(comment('It sends nothing.'))
  return [lines.join('\n'), ...statements, ...end].join('\n\n')
}

function statementSql(statement: PlannedStatement, before: PlannedStatement | undefined): string {
  const { sql, bindings, destructive, cannotBeUndone, dependsOn, stops } = statement
  return [
    ...(dependsOn === 'data' && before?.dependsOn !== 'data'
      ? [comment('From here on, what is sent depends on the rows that are there then.')]
      : []),
    ...(dependsOn === 'steps' ? [comment('Depends on what earlier steps will have made.')] : []),
    ...(destructive === null ? [] : [comment(`DESTRUCTIVE: ${destructive}`)]),
    ...(stops === undefined ? [] : [comment(stops)]),
    ...(cannotBeUndone ? [comment('Cannot be undone.')] : []),
    ...(bindings === '' ? [] : [comment(`Values: ${bindings}`)]),
    ended(sql),
  ].join('\n')
}

/** One line: a line break in a name or a value would make SQL of what follows. */
function comment(text: string): string {
  return `-- ${text.replaceAll(/[\n\r\v\f\u0085\u2028\u2029]+/g, ' ')}`
}

/** With its semicolon, on a line of its own where the last line may be a comment. */
function ended(sql: string): string {
  const text = sql.trimEnd()
  if (text.endsWith(';')) return text
  const last = text.slice(text.lastIndexOf('\n') + 1)
  return /--|#/.test(last) ? `${text}\n;` : `${text};`
}

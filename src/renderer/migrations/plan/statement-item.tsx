// One statement of a plan: its text, its values, the tables it touches, and what to know before it is sent.
import { CircleAlert, GitBranch, History, Lock, OctagonPause } from 'lucide-react'
import type { PlannedStatement } from '../../../shared/migration-runs.ts'
import { bytes, count, plural } from '../../ui/wording.ts'
import { formatSql } from './format-sql.ts'
import { Tag } from './tag.tsx'
import css from './plan.module.css'

/** Characters drawn of one statement; all of it is copied. */
const SHOWN = 4000

export function StatementItem({ number, statement }: { number: number; statement: PlannedStatement }) {
  const { sql, bindings, tables, destructive, cannotBeUndone, dependsOn, stops } = statement
  const text = formatSql(sql.slice(0, SHOWN))
  return (
    <li className={css.statement} data-destructive={destructive !== null || undefined}>
      <span className={css.number}>{number}</span>
      <div className={css.what}>
        <pre className={css.sql} tabIndex={text.length > 400 ? 0 : undefined}>
          {text}
          {sql.length > SHOWN && <span className={css.faint}> … {count(sql.length - SHOWN)} more characters</span>}
        </pre>
        {bindings !== '' && (
          <div className={css.bindings}>
            <span className={css.label}>Values</span> {bindings.slice(0, SHOWN)}
            {bindings.length > SHOWN && ' …'}
          </div>
        )}
        {destructive !== null && (
          <div className={css.destructive}>
            <CircleAlert size={14} aria-hidden />
            <span>
              <strong>Destructive.</strong> {destructive}
            </span>
          </div>
        )}
        {stops !== undefined && (
          <div className={css.stops}>
            <OctagonPause size={14} aria-hidden />
            <span>{stops}</span>
          </div>
        )}
        <div className={css.facts}>
          {cannotBeUndone && (
            <Tag tone="warn" icon={Lock} hint="This engine keeps it at once, whatever comes after it.">
              Cannot be undone
            </Tag>
          )}
          {dependsOn === 'data' && (
            <Tag tone="warn" icon={GitBranch} hint="What is sent from here on depends on the rows that are there then.">
              Depends on data
            </Tag>
          )}
          {dependsOn === 'steps' && (
            <Tag
              tone="note"
              icon={History}
              hint="It reads or changes what an earlier step of this plan will have made."
            >
              Depends on earlier steps
            </Tag>
          )}
          {tables.length > 0 && (
            <span className={css.table}>
              <span className={css.label}>{tables.length === 1 ? 'Table' : 'Tables'}</span>
            </span>
          )}
          {tables.map((table) => (
            <span key={table.name} className={css.table}>
              <span className={css.tableName}>{table.name}</span> {sizeWords(table)}
            </span>
          ))}
        </div>
      </div>
    </li>
  )
}

function sizeWords({ rows, bytes: size }: PlannedStatement['tables'][number]): string {
  const parts = [...(rows === null ? [] : [`about ${plural(rows, 'row')}`]), ...(size === null ? [] : [bytes(size)])]
  return parts.join(', ')
}

// The ledgers of other migration tools in this database, to be looked at and never written.
import { ChevronRight } from 'lucide-react'
import type { OtherTool } from '../../../shared/migration-steps.ts'
import { count, plural } from '../../ui/wording.ts'
import css from './folder.module.css'

export function OtherTools({ tools }: { tools: readonly OtherTool[] }) {
  if (tools.length === 0) return null
  return (
    <details className={css.tools}>
      <summary className={css.toolsHead}>
        <ChevronRight size={14} className={css.chevron} aria-hidden />
        <span className={css.toolsTitle}>Other tools work on this database</span>
        <span className={css.dim}>{tools.map(({ tool, count }) => `${tool} (${count})`).join(', ')}</span>
      </summary>
      <p className={css.text}>
        Read only: Roster never writes to these. A table that another tool made is best changed with that tool.
      </p>
      {tools.map(({ tool, where, lines, count: all }) => (
        <section key={`${tool} ${where}`} className={css.tool} aria-label={tool}>
          <div>
            <span className={css.strong}>{tool}</span> <span className={css.dim}>in {where},</span>{' '}
            <span className={css.dim}>{plural(all, 'entry', 'entries')}</span>
          </div>
          <pre className={css.lines}>{lines.join('\n')}</pre>
          {all > lines.length && <div className={css.dim}>and {count(all - lines.length)} older</div>}
        </section>
      ))}
    </details>
  )
}

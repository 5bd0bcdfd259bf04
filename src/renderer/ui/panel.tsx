// A calm message in the middle of an area: what is the case, what to do, and the buttons for it.
import type { ReactNode } from 'react'
import css from './panel.module.css'

interface PanelProps {
  icon?: ReactNode
  title: string
  children?: ReactNode
  actions?: ReactNode
  /** Announced to screen readers at once: for problems, not for welcomes. */
  isProblem?: boolean
}

export function Panel({ icon, title, children, actions, isProblem = false }: PanelProps) {
  return (
    <div className={css.area}>
      <section className={css.panel} role={isProblem ? 'alert' : undefined} aria-label={title}>
        {icon && (
          <div className={css.icon} data-problem={isProblem || undefined}>
            {icon}
          </div>
        )}
        <h2 className={css.title}>{title}</h2>
        {children && <div className={css.text}>{children}</div>}
        {actions && <div className={css.actions}>{actions}</div>}
      </section>
    </div>
  )
}

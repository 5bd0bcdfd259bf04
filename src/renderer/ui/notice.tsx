// One line above the content of a screen: a fact to know, a warning, a good or a bad result.
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import css from './notice.module.css'

const icons = { note: Info, good: CircleCheck, warn: TriangleAlert, bad: CircleAlert }

interface NoticeProps {
  tone: keyof typeof icons
  children: ReactNode
  actions?: ReactNode
}

export function Notice({ tone, children, actions }: NoticeProps) {
  const Icon = icons[tone]
  return (
    <div className={css.notice} data-tone={tone}>
      <Icon size={15} className={css.icon} aria-hidden />
      <div className={css.text}>{children}</div>
      {actions && <div className={css.actions}>{actions}</div>}
    </div>
  )
}

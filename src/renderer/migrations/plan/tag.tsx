// A word or two about a statement or a step, with a sign: never by colour alone.
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import css from './plan.module.css'

interface TagProps {
  tone?: 'plain' | 'note' | 'good' | 'warn' | 'bad'
  icon?: LucideIcon
  /** What it means, in a sentence. */
  hint?: string
  children: ReactNode
}

/** The hint is the browser's own: a plan has thousands of these. */
export function Tag({ tone = 'plain', icon: Icon, hint, children }: TagProps) {
  return (
    <span className={css.tag} data-tone={tone} title={hint}>
      {Icon && <Icon size={12} aria-hidden />}
      {children}
    </span>
  )
}

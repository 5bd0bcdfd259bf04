// A word or two about a statement or a step, with a sign: never by colour alone.
import { Tooltip } from '@mantine/core'
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

export function Tag({ tone = 'plain', icon: Icon, hint, children }: TagProps) {
  const tag = (
    <span className={css.tag} data-tone={tone}>
      {Icon && <Icon size={12} aria-hidden />}
      {children}
    </span>
  )
  return hint === undefined ? tag : <Tooltip label={hint}>{tag}</Tooltip>
}

// The buttons of a dialog that may be longer than the window: they stay in sight while its content scrolls.
import type { ReactNode } from 'react'
import css from './folder.module.css'

export function DialogFoot({ children }: { children: ReactNode }) {
  return <div className={css.dialogFoot}>{children}</div>
}

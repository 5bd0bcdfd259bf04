// The window's fixed areas: banner, sidebar, top bar, main area, status bar.
import type { ReactNode } from 'react'
import css from './frame.module.css'

interface FrameProps {
  banner: ReactNode
  sidebar: ReactNode
  topBar: ReactNode
  statusBar: ReactNode
  children: ReactNode
}

export function Frame({ banner, sidebar, topBar, statusBar, children }: FrameProps) {
  return (
    <div className={css.frame}>
      <div className={css.banner}>{banner}</div>
      <div className={css.sidebar}>{sidebar}</div>
      <header className={css.topBar}>{topBar}</header>
      <main className={css.main}>{children}</main>
      <footer className={css.statusBar}>{statusBar}</footer>
    </div>
  )
}

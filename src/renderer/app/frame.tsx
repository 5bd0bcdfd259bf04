// The window's fixed areas: banner, sidebar, top bar, main area, status bar.
import { useRef, type ReactNode } from 'react'
import css from './frame.module.css'

interface FrameProps {
  banner: ReactNode
  sidebar: ReactNode
  topBar: ReactNode
  statusBar: ReactNode
  children: ReactNode
}

export function Frame({ banner, sidebar, topBar, statusBar, children }: FrameProps) {
  const main = useRef<HTMLElement>(null)
  return (
    <div className={css.frame}>
      <button type="button" className={css.skip} onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <div className={css.banner}>{banner}</div>
      <div className={css.sidebar}>{sidebar}</div>
      <header className={css.topBar}>{topBar}</header>
      <main ref={main} className={css.main} tabIndex={-1}>
        {children}
      </main>
      <footer className={css.statusBar}>{statusBar}</footer>
    </div>
  )
}

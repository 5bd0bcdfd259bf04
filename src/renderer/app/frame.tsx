// The window's fixed areas: banner, sidebar, top bar, main area, status bar.
import { useRef, type ReactNode } from 'react'
import type { Environment } from '../../shared/profiles.ts'
import css from './frame.module.css'

interface FrameProps {
  /** Of the open database: shown around the window. */
  environment: Environment
  banner: ReactNode
  sidebar: ReactNode
  topBar: ReactNode
  statusBar: ReactNode
  children: ReactNode
}

export function Frame({ environment, banner, sidebar, topBar, statusBar, children }: FrameProps) {
  const main = useRef<HTMLElement>(null)
  return (
    <div className={css.frame} data-environment={environment}>
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

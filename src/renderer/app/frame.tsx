// The window's fixed areas: banner, sidebar, top bar, main area, status bar.
import { useRef, type ReactNode } from 'react'
import type { Environment } from '../../shared/profiles.ts'
import css from './frame.module.css'
import { SidebarEdge, useSidebarWidth } from './sidebar-edge.tsx'

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
  const [width, setWidth] = useSidebarWidth()
  return (
    <div
      className={css.frame}
      data-environment={environment}
      style={{ gridTemplateColumns: `${width}px minmax(0, 1fr)` }}
    >
      <button type="button" className={css.skip} onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <div className={css.banner}>{banner}</div>
      <div className={css.sidebar}>
        {sidebar}
        <SidebarEdge width={width} onWidth={setWidth} />
      </div>
      <header className={css.topBar}>{topBar}</header>
      <main ref={main} className={css.main} tabIndex={-1}>
        {children}
      </main>
      <footer className={css.statusBar}>{statusBar}</footer>
    </div>
  )
}

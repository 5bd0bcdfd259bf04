// What is around every chart: its name, the picture, and the same numbers as a table for those who do not see it.
import { VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import { count } from '../../../ui/wording.ts'
import css from '../health.module.css'

interface ChartFrameProps {
  title: string
  /** Head of the first column of the table. */
  what: string
  bars: readonly { label: string; rows: number }[]
  /** Pixels. */
  height: number
  children: ReactNode
}

export function ChartFrame({ title, what, bars, height, children }: ChartFrameProps) {
  return (
    <figure className={css.chart}>
      <figcaption className={css.chartTitle}>{title}</figcaption>
      <div aria-hidden className={css.picture} style={{ height }}>
        {children}
      </div>
      <VisuallyHidden>
        <table>
          <caption>{title}</caption>
          <thead>
            <tr>
              <th scope="col">{what}</th>
              <th scope="col">Users</th>
            </tr>
          </thead>
          <tbody>
            {bars.map(({ label, rows }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td>{count(rows)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </figure>
  )
}

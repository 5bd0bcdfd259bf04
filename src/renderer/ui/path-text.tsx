// A file path on one line: the middle gives way when there is no room, the whole path is in the tooltip.
import { Tooltip } from '@mantine/core'
import { splitPath } from './split-path.ts'
import css from './path-text.module.css'

export function PathText({ path }: { path: string }) {
  const { head, tail } = splitPath(path)
  return (
    <Tooltip label={path}>
      <span className={css.path}>
        {head && <span className={css.head}>{head}</span>}
        <span className={css.tail}>{tail}</span>
      </span>
    </Tooltip>
  )
}

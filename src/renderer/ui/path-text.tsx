// A file path on one line: the middle gives way when there is no room, the whole path is in the tooltip.
import { Tooltip, VisuallyHidden } from '@mantine/core'
import { splitPath } from './split-path.ts'
import css from './path-text.module.css'

export function PathText({ path }: { path: string }) {
  const { head, tail } = splitPath(path)
  return (
    <Tooltip label={path}>
      <span className={css.path}>
        {/* Two boxes would be read, and found, as two texts. */}
        <VisuallyHidden>{path}</VisuallyHidden>
        {head && (
          <span className={css.head} aria-hidden>
            {head}
          </span>
        )}
        <span className={css.tail} aria-hidden>
          {tail}
        </span>
      </span>
    </Tooltip>
  )
}

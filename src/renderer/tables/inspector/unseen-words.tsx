// Below the field of a value: the same text with signs for what cannot be seen in a field, a blank at its end above all.
import { lineOf } from '../../grid/cell-show.ts'
import grid from '../../grid/grid.module.css'
import css from './inspector.module.css'

/** Draws nothing for a text that can be seen as it is; a field shows line breaks by itself. */
export function UnseenWords({ text, isPadded }: { text: string; isPadded: boolean }) {
  const parts = lineOf(text.replace(/\r\n?/g, '\n'), { isPadded })
  if (parts.every((part) => !part.isSign || part.text === '↵')) return null
  return (
    <p className={css.notes}>
      with signs:{' '}
      <bdi>
        {parts.map((part, index) => (
          <span key={index} className={part.isSign ? grid.sign : undefined}>
            {part.text}
          </span>
        ))}
      </bdi>
    </p>
  )
}

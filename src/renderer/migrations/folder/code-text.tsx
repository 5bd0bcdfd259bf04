// A file's text as it is: monospace, with the numbers of its lines, and a button that copies it.
import { CopyIcon } from './copy-icon.tsx'
import { linesOf } from './line-diff.ts'
import css from './code.module.css'

interface CodeTextProps {
  /** What the text is: a file's name, or what it is good for. */
  title: string
  text: string
}

/** The numbers are one text and the lines another: thousands of lines are two elements. */
export function CodeText({ title, text }: CodeTextProps) {
  const lines = linesOf(text)
  return (
    <section className={css.box} aria-label={title}>
      <div className={css.head}>
        <span className={css.title}>{title}</span>
        <CopyIcon what={title} text={text} />
      </div>
      <div className={css.code} tabIndex={0} role="region" aria-label={`Text of ${title}`}>
        <pre className={css.numbers} aria-hidden>
          {lines.map((_, index) => index + 1).join('\n')}
        </pre>
        <pre className={css.text}>{lines.length === 0 ? 'The file is empty.' : lines.join('\n')}</pre>
      </div>
    </section>
  )
}

// The SHA-256 of a certificate in lines that can be compared by eye; selected, it is the text without breaks.
import css from './trust.module.css'

/** Bytes in one line. */
const LINE = 16

export function Fingerprint({ text }: { text: string }) {
  const bytes = text.split(':')
  const lines: string[] = []
  for (let from = 0; from < bytes.length; from += LINE) {
    const isLast = from + LINE >= bytes.length
    lines.push(bytes.slice(from, from + LINE).join(':') + (isLast ? '' : ':'))
  }
  return (
    <code className={css.fingerprint}>
      {lines.map((line) => (
        <span key={line}>
          {line}
          <wbr />
        </span>
      ))}
    </code>
  )
}

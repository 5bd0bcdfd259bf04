// The difference of two texts, line under line: removed and added lines told by a sign and a word, not by colour alone.
import { Button, VisuallyHidden } from '@mantine/core'
import { useMemo, useState } from 'react'
import { count, plural } from '../../ui/wording.ts'
import { diffCounts, diffParts, type DiffPart } from './diff-parts.ts'
import { lineDiff, type DiffLine } from './line-diff.ts'
import css from './code.module.css'

/** Lines drawn at once. */
const SHOWN = 1000

const signs: Record<DiffLine['kind'], string> = { same: ' ', removed: '−', added: '+' }

interface DiffViewProps {
  title: string
  before: readonly string[]
  after: readonly string[]
  /** When each side was so, to come after "only": "as it was applied", "as it is now". */
  sides: readonly [string, string]
  /** Lines that have no place in a file (a table's columns) are not numbered. */
  isNumbered?: boolean
}

export function DiffView({ title, before, after, sides, isNumbered = true }: DiffViewProps) {
  const lines = useMemo(() => lineDiff(before, after), [before, after])
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set())
  const [limit, setLimit] = useState(SHOWN)
  const { added, removed } = diffCounts(lines)
  const { drawn, leftOut } = useMemo(() => cut(diffParts(lines), open, limit), [lines, open, limit])
  return (
    <section className={css.box} aria-label={title}>
      <div className={css.head}>
        <span className={css.title}>{title}</span>
        <span className={css.sides}>
          {removed > 0 && (
            <span>
              <span className={css.removedSign} aria-hidden>
                −
              </span>{' '}
              Only {sides[0]}: {plural(removed, 'line')}
            </span>
          )}
          {added > 0 && (
            <span>
              <span className={css.addedSign} aria-hidden>
                +
              </span>{' '}
              Only {sides[1]}: {plural(added, 'line')}
            </span>
          )}
          {added + removed === 0 && 'No difference'}
        </span>
      </div>
      <div
        className={css.diff}
        data-numbered={isNumbered || undefined}
        tabIndex={0}
        role="region"
        aria-label={`Difference of ${title}`}
      >
        {drawn.map((part, index) =>
          part.isFolded ? (
            <button
              key={index}
              type="button"
              className={css.fold}
              onClick={() => setOpen((before) => new Set(before).add(part.index))}
            >
              Show {plural(part.lines.length, 'equal line')}
            </button>
          ) : (
            part.lines.map((line) => <Line key={`${line.before} ${line.after}`} line={line} isNumbered={isNumbered} />)
          ),
        )}
        {lines.length === 0 && <div className={css.nothing}>Both are empty.</div>}
      </div>
      {leftOut > 0 && (
        <div className={css.more}>
          {plural(leftOut, 'more line')} not drawn.
          <Button onClick={() => setLimit(limit + SHOWN)}>Show {count(Math.min(SHOWN, leftOut))} more</Button>
        </div>
      )}
    </section>
  )
}

function Line({ line: { kind, text, before, after }, isNumbered }: { line: DiffLine; isNumbered: boolean }) {
  return (
    <div className={css.line} data-kind={kind}>
      {isNumbered && (
        <>
          <span className={css.number}>{before}</span>
          <span className={css.number}>{after}</span>
        </>
      )}
      <span className={css.sign} aria-hidden>
        {signs[kind]}
      </span>
      {kind !== 'same' && <VisuallyHidden>{kind}: </VisuallyHidden>}
      <span className={css.lineText}>{text}</span>
    </div>
  )
}

/** The first `limit` lines that are open; a fold counts as one. */
function cut(parts: readonly DiffPart[], open: ReadonlySet<number>, limit: number) {
  const drawn: (DiffPart & { index: number })[] = []
  let room = limit
  let leftOut = 0
  for (const [index, part] of parts.entries()) {
    const isFolded = part.isFolded && !open.has(index)
    const size = isFolded ? 1 : part.lines.length
    if (room <= 0) leftOut += part.lines.length
    else drawn.push({ index, isFolded, lines: isFolded ? part.lines : part.lines.slice(0, room) })
    if (room > 0 && size > room) leftOut += part.lines.length - room
    room -= size
  }
  return { drawn, leftOut }
}

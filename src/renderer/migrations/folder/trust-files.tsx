// The files that trusting would allow to run, what changed of them, and their texts, one at a time.
import { Button, Loader } from '@mantine/core'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { MigrationsFolder } from '../../../shared/migration-steps.ts'
import { count } from '../../ui/wording.ts'
import { CallProblem } from './call-problem.tsx'
import { CodeText } from './code-text.tsx'
import { DiffView } from './diff-view.tsx'
import { useSource } from './folder-calls.ts'
import { linesOf } from './line-diff.ts'
import css from './folder.module.css'

type File = MigrationsFolder['files'][number]

const words: Record<File['change'], string> = { new: 'New', changed: 'Changed', removed: 'Removed', same: 'As before' }
const order: File['change'][] = ['changed', 'new', 'removed', 'same']
/** Files drawn at once. */
const SHOWN = 200

export function TrustFiles({ profileId, files }: { profileId: string; files: readonly File[] }) {
  const [open, setOpen] = useState<string | null>(null)
  const [limit, setLimit] = useState(SHOWN)
  // What is to be looked at first comes first; otherwise as in the folder.
  const sorted = [...files].sort((a, b) => order.indexOf(a.change) - order.indexOf(b.change))
  return (
    <ul className={css.files} aria-label="Files">
      {sorted.slice(0, limit).map(({ name, change }) => (
        <li key={name} className={css.file}>
          <button
            type="button"
            className={css.fileHead}
            aria-expanded={open === name}
            disabled={change === 'removed'}
            onClick={() => setOpen(open === name ? null : name)}
          >
            <ChevronRight size={14} className={css.chevron} data-open={open === name || undefined} aria-hidden />
            <span className={css.fileName}>{name}</span>
            <span className={css.change} data-change={change}>
              {words[change]}
            </span>
          </button>
          {open === name && <FileText profileId={profileId} name={name} />}
        </li>
      ))}
      {files.length === 0 && <li className={css.none}>There is no migration in this folder.</li>}
      {files.length > limit && (
        <li className={css.none}>
          {count(files.length - limit)} more files.{' '}
          <Button onClick={() => setLimit(limit + SHOWN)}>Show {Math.min(SHOWN, files.length - limit)} more</Button>
        </li>
      )}
    </ul>
  )
}

function FileText({ profileId, name }: { profileId: string; name: string }) {
  const { data, error } = useSource(profileId, name)
  if (error) return <CallProblem error={error} />
  if (!data) return <Loader size={16} m="sm" aria-label={`Reading ${name}`} />
  const text = data.files.find((file) => file.name === name)?.text
  const before = data.applied?.find((file) => file.name === name)?.text
  if (text === undefined) return <p className={css.none}>The file is not there any more. Read the folder again.</p>
  const isChanged = before !== undefined && linesOf(before).join('\n') !== linesOf(text).join('\n')
  return (
    <div className={css.fileText}>
      {isChanged && (
        <DiffView
          title={`${name}, since it was applied`}
          before={linesOf(before)}
          after={linesOf(text)}
          sides={['as it was applied', 'as it is now']}
        />
      )}
      <CodeText title={name} text={text} />
    </div>
  )
}

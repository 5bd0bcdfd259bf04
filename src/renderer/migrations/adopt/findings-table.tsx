// Column by column, and index by index: whether the table has what the step would make.
import { Check, CircleAlert, CircleCheck, CircleHelp, type LucideIcon } from 'lucide-react'
import type { Adoption } from '../../../shared/migration-steps.ts'
import { Tag } from '../plan/tag.tsx'
import { sortedFindings } from './adopt-words.ts'
import css from './adopt.module.css'

type Finding = Adoption['findings'][number]

const looks: Record<Finding['verdict'], { icon: LucideIcon; word: string; tone: 'good' | 'note' | 'warn' | 'bad' }> = {
  same: { icon: Check, word: 'Same', tone: 'good' },
  compatible: { icon: CircleCheck, word: 'Compatible', tone: 'note' },
  missing: { icon: CircleHelp, word: 'Missing', tone: 'bad' },
  incompatible: { icon: CircleAlert, word: 'Incompatible', tone: 'bad' },
}

export function FindingsTable({ findings }: { findings: readonly Finding[] }) {
  return (
    <div className={css.findings} tabIndex={0} role="region" aria-label="Findings">
      <table>
        <thead>
          <tr>
            <th scope="col">Column or index</th>
            <th scope="col">Verdict</th>
            <th scope="col">What was found</th>
          </tr>
        </thead>
        <tbody>
          {sortedFindings(findings).map(({ what, verdict, text }, index) => {
            const { icon, word, tone } = looks[verdict]
            return (
              <tr key={`${what} ${index}`}>
                <th scope="row">{what}</th>
                <td>
                  <Tag tone={tone} icon={icon}>
                    {word}
                  </Tag>
                </td>
                <td className={css.found}>{text}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

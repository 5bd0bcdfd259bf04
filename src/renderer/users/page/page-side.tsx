// Beside the form of a user: all that is wrong, who is alike, and what was saved of the row.
import { useMemo } from 'react'
import type { Cell, ShownCell } from '../../../shared/cell.ts'
import type { TableDescription } from '../../../shared/tables.ts'
import type { UserProblem } from '../../../shared/user-checks.ts'
import type { GridLine } from '../../grid/grid-line.ts'
import type { TableModel } from '../../tables/table-model.ts'
import { AlikeUsers } from './alike-users.tsx'
import { ProblemList } from './problem-list.tsx'
import { RowHistory } from './row-history.tsx'
import css from './user-page.module.css'

interface PageSideProps {
  model: TableModel
  description: TableDescription
  line: GridLine
  email: ShownCell | undefined
  problems: readonly UserProblem[]
  close: () => void
}

export function PageSide({ model, description, line, email, problems, close }: PageSideProps) {
  const key: readonly Cell[] | null = useMemo(() => line.row?.key ?? null, [line.row])
  const go = (to: readonly Cell[]) => void model.goToRow(to, model.state.current?.column ?? '')
  // Without a key no row can be named: neither another one nor this one in what was saved.
  const hasKey = description.key.length > 0
  return (
    <div className={css.beside}>
      <section aria-label="What is wrong">
        <h3 className={css.part}>What is wrong</h3>
        {problems.length === 0 && <p className={css.quiet}>Nothing that is known.</p>}
        <ProblemList problems={problems} isNamed />
      </section>
      {hasKey && typeof email === 'string' && email !== '' && (
        <AlikeUsers key={`${line.id} ${email}`} model={model} email={email} rowKey={key} onGo={go} />
      )}
      {hasKey && key && (
        <RowHistory
          key={line.id}
          model={model}
          description={description}
          rowKey={key}
          onRevert={(saveId) => {
            close()
            model.set({ history: { saveId } })
          }}
        />
      )}
    </div>
  )
}

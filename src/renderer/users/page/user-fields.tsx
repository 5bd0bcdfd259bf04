// The columns of one user in groups, each with what it means to the application and what is wrong with it.
import type { Cell } from '../../../shared/cell.ts'
import type { TableDescription } from '../../../shared/tables.ts'
import type { UserProblem } from '../../../shared/user-checks.ts'
import type { GridLine } from '../../grid/grid-line.ts'
import { InspectorField } from '../../tables/inspector/inspector-field.tsx'
import type { TableModel } from '../../tables/table-model.ts'
import { ReasonButton } from '../../ui/reason-button.tsx'
import { checkRefusal, startCheck, startPassword, verbRefusal } from '../verbs/start-verb.ts'
import { groupsOf } from './groups.ts'
import { chooseThisUser } from './open-page.ts'
import { ProblemList } from './problem-list.tsx'
import css from './user-page.module.css'

interface UserFieldsProps {
  model: TableModel
  description: TableDescription
  line: GridLine
  /** Whole values of what was cut, by the column's place. */
  whole: ReadonlyMap<number, Cell>
  problems: readonly UserProblem[]
  close: () => void
}

export function UserFields({ model, description, line, whole, problems, close }: UserFieldsProps) {
  const { owner, references } = description
  return (
    <div className={css.form}>
      {groupsOf(description).map(({ title, columns }) => (
        <section key={title} aria-label={title}>
          <h3 className={css.part}>{title}</h3>
          {columns.map(({ column, index }) => (
            <div key={`${line.id} ${column.name}`}>
              <InspectorField
                model={model}
                line={line}
                column={column}
                index={index}
                whole={whole.get(index)}
                isCurrent={false}
                reference={references.find(({ columns: own }) => own.length === 1 && own[0] === column.name)}
              />
              <Meaning words={owner?.meanings[column.name]} />
              {column.name === owner?.user?.password && (
                <PasswordTools model={model} description={description} close={close} />
              )}
              <ProblemList problems={problems.filter((problem) => problem.column === column.name)} />
            </div>
          ))}
        </section>
      ))}
    </div>
  )
}

function Meaning({ words }: { words: string | undefined }) {
  return words === undefined ? null : <p className={css.meaning}>{words}</p>
}

/** What a hash is never typed into; each is asked in a dialog that takes the place of the page. */
function PasswordTools({ model, description, close }: Pick<UserFieldsProps, 'model' | 'description' | 'close'>) {
  const start = (work: () => void) => {
    chooseThisUser(model)
    close()
    work()
  }
  return (
    <div className={css.tools}>
      <ReasonButton
        reason={verbRefusal(model, description, 'password')}
        onClick={() => start(() => void startPassword(model))}
      >
        Set password…
      </ReasonButton>
      <ReasonButton
        reason={checkRefusal(model, description)}
        onClick={() => start(() => startCheck(model, description))}
      >
        Check a password…
      </ReasonButton>
    </div>
  )
}

// Parameters that could send a password elsewhere, read files or weaken a login: each is used after a tick of its own, or never.
import { Checkbox } from '@mantine/core'
import type { Danger } from '../../../shared/connection-strings.ts'
import css from './import-dialog.module.css'

interface DangerListProps {
  dangers: readonly Danger[]
  accepted: readonly string[]
  onAccepted: (accepted: readonly string[]) => void
}

export function DangerList({ dangers, accepted, onAccepted }: DangerListProps) {
  const open = dangers.filter(({ canConsent }) => canConsent)
  const never = dangers.filter(({ canConsent }) => !canConsent)
  return (
    <section className={css.dangers} aria-label="Left out">
      {open.length > 0 && (
        <>
          <h3 className={css.heading}>Left out unless you tick it</h3>
          {open.map(({ id, setting, value, what }) => (
            <Checkbox
              key={id}
              label={<Parameter setting={setting} value={value} />}
              description={what}
              checked={accepted.includes(id)}
              onChange={({ currentTarget }) =>
                onAccepted(currentTarget.checked ? [...accepted, id] : accepted.filter((each) => each !== id))
              }
            />
          ))}
        </>
      )}
      {never.length > 0 && (
        <>
          <h3 className={css.heading}>Always left out</h3>
          <ul className={css.never}>
            {never.map(({ id, setting, value, what }) => (
              <li key={id}>
                <Parameter setting={setting} value={value} />
                <div className={css.what}>{what}</div>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function Parameter({ setting, value }: { setting: string; value: string }) {
  return (
    <code className={css.parameter}>
      {setting} = {value}
    </code>
  )
}

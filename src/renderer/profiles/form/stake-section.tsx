// What is at stake in a database: its environment, the colour that marks it, and whether it may be written.
import { environment as environments, profileColour } from '../../../shared/profiles.ts'
import { environmentNames } from '../../ui/environment-words.ts'
import { Choice, Flag, Group, type FormState } from './form-fields.tsx'
import css from './profile-form.module.css'

export function StakeSection({ form }: { form: FormState }) {
  const { values } = form
  return (
    <Group title="What is at stake">
      <Choice
        form={form}
        field="environment"
        label="Environment"
        options={environments.options.map((value) => ({ value, label: environmentNames[value] }))}
      />
      <Colours form={form} />
      {values.environment === 'production' && (
        <p className={css.hint}>Every write asks for the name of the profile to be typed.</p>
      )}
      <Flag
        form={form}
        field="isReadOnly"
        label="Read-only"
        description={
          values.dialect === 'sqlite'
            ? 'The file is opened read-only, so nothing can be written to it.'
            : 'The server itself refuses every write of this profile.'
        }
      />
    </Group>
  )
}

function Colours({ form }: { form: FormState }) {
  return (
    <div className={css.whole} role="radiogroup" aria-labelledby="profile-colour-label">
      <div id="profile-colour-label" className={css.label}>
        Colour
      </div>
      <div className={css.swatches}>
        {[null, ...profileColour.options].map((colour) => (
          <label key={colour ?? 'automatic'} className={css.swatch} title={colour ?? 'Chosen by Roster'}>
            <input
              type="radio"
              name="profile-colour"
              aria-label={colour ?? 'Chosen by Roster'}
              checked={form.values.colour === colour}
              onChange={() => form.change({ colour })}
            />
            <span
              className={colour === null ? css.automatic : ''}
              style={colour === null ? {} : { background: `var(--roster-colour-${colour})` }}
            />
          </label>
        ))}
      </div>
    </div>
  )
}

// The certificates that a person has looked at and trusts, each at its own place, with the way to take that back.
import { Button } from '@mantine/core'
import { placeText } from '../../../shared/reaching.ts'
import { Fingerprint } from '../../ui/trust/fingerprint.tsx'
import type { FormState } from './form-fields.tsx'
import css from './profile-form.module.css'

export function PinList({ form }: { form: FormState }) {
  const { pins } = form.values
  if (pins.length === 0) return null
  return (
    <div className={css.whole}>
      <div className={css.label} id="profile-pins-label">
        Certificates that are trusted as they are
      </div>
      <ul className={css.pins} aria-labelledby="profile-pins-label">
        {pins.map((pin) => (
          <li key={`${placeText(pin)} ${pin.fingerprint}`} className={css.pin}>
            <div>{placeText(pin)}</div>
            <Button
              aria-label={`Stop trusting the certificate of ${placeText(pin)}`}
              onClick={() => form.change({ pins: pins.filter((each) => each !== pin) })}
            >
              Stop trusting
            </Button>
            <Fingerprint text={pin.fingerprint} />
          </li>
        ))}
      </ul>
    </div>
  )
}

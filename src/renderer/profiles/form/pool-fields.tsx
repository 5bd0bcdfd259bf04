// How many connections a profile may have: a number, or the formula with its inputs.
import { useQuery } from '@tanstack/react-query'
import { Group, Text, type FormState } from './form-fields.tsx'
import { formulaOf } from './form-values.ts'
import css from './profile-form.module.css'
import { aboutQuery } from '../profiles-queries.ts'

export function PoolFields({ form }: { form: FormState }) {
  const { cores = 1 } = useQuery(aboutQuery).data ?? {}
  const { values } = form
  const byFormula = formulaOf(values, cores)
  const isExplicit = values.poolSize.trim() !== ''
  return (
    <Group title="Connections">
      <Text form={form} field="cores" label="Server’s cores" className={css.narrow} isNumber placeholder={`${cores}`} />
      <Text form={form} field="spindles" label="Its spindles" className={css.narrow} isNumber placeholder="1" />
      <Text
        form={form}
        field="poolSize"
        label="At most"
        className={css.narrow}
        isNumber
        placeholder={byFormula === null ? '' : `${byFormula}`}
      />
      <p className={css.hint}>
        {isExplicit ? (
          <>The number that is given holds.</>
        ) : byFormula === null ? (
          <>(2 × cores) + spindles</>
        ) : (
          <>
            (2 × {values.cores.trim() || cores} cores) + {plural(values.spindles.trim() || '1')} ={' '}
            <b>{byFormula} connections</b> at most.
            {values.cores.trim() === '' && ' This machine’s cores stand in until the server’s are stated.'}
          </>
        )}
      </p>
    </Group>
  )
}

function plural(spindles: string): string {
  return `${spindles} ${spindles === '1' ? 'spindle' : 'spindles'}`
}

// Says how long staged edits are kept, and lets the person have them stored where no keychain answers.
import { Anchor } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { SecretStorage } from '../../shared/app.ts'
import { api } from '../api.ts'
import css from './table-screen.module.css'

const KEY = ['app', 'secret-storage']

export function KeptWhere() {
  const client = useQueryClient()
  const { data } = useQuery({ queryKey: KEY, queryFn: ({ signal }) => api.app.secretStorage(undefined, { signal }) })
  const agree = useMutation({
    mutationFn: (isAgreed: boolean) => api.app.agreeToPlainSecrets({ isAgreed }),
    onSuccess: (answer) => client.setQueryData<SecretStorage>(KEY, answer),
  })
  if (!data) return null
  return (
    <p className={css.kept}>
      {words(data)}{' '}
      {data.state === 'refused' && (
        <Anchor component="button" type="button" inherit disabled={agree.isPending} onClick={() => agree.mutate(true)}>
          Store them without a keychain…
        </Anchor>
      )}
      {data.state === 'ready' && data.isAgreed && (
        <Anchor component="button" type="button" inherit disabled={agree.isPending} onClick={() => agree.mutate(false)}>
          Stop storing them
        </Anchor>
      )}
    </p>
  )
}

function words({ state, isAgreed }: SecretStorage): string {
  if (state === 'none') return 'Kept by Roster until it ends, also when this page is closed.'
  if (state === 'refused') return 'Kept until Roster ends. No keychain answers here, so nothing is stored.'
  return isAgreed
    ? 'Stored without a keychain, as was agreed; kept also when Roster ends.'
    : 'Stored sealed by the keychain; kept also when Roster ends.'
}

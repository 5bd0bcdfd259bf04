// What Roster knows of an SSH machine's host key can be forgotten here, when the machine was given a new one.
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { placeText } from '../../../shared/reaching.ts'
import { api } from '../../api.ts'
import { wordsOf } from '../../ui/call-error.ts'
import css from './profile-form.module.css'

export function KnownKey({ host, port }: { host: string; port: number }) {
  const forgetting = useMutation({
    mutationFn: async () => {
      await api.connections.forgetHostKey({ host, port })
      return placeText({ host, port })
    },
  })
  const isPlace = host !== '' && Number.isInteger(port) && port >= 1 && port <= 65_535
  if (!isPlace) return null
  return (
    <div className={`${css.whole} ${css.known}`}>
      <Button loading={forgetting.isPending} onClick={() => forgetting.mutate()}>
        Forget the known key
      </Button>
      <span className={forgetting.isError ? css.wrong : css.hint} role="status">
        {forgetting.isError
          ? wordsOf(forgetting.error).message
          : forgetting.data === placeText({ host, port })
            ? `Roster knows no key of ${forgetting.data} any more. The next connection shows its key and asks.`
            : `Of ${placeText({ host, port })}; only when that machine was given a new one.`}
      </span>
    </div>
  )
}

// Asks for the name of a production profile before something is written there.
import { Button, Group, Modal, Text, TextInput } from '@mantine/core'
import { useState, useSyncExternalStore, type FormEvent } from 'react'
import { productionQuestion } from './confirm-production.ts'
import { EnvironmentMark } from './environment-mark.tsx'
import { useReturnFocus } from './use-return-focus.ts'

/** To be drawn once; shows nothing while there is nothing to confirm. */
export function ProductionDialog() {
  const question = useSyncExternalStore(productionQuestion.subscribe, productionQuestion.read)
  if (!question) return null
  // A new question begins with an empty field.
  return <Asking key={`${question.profileName} ${question.what}`} {...question} />
}

function Asking({ what, profileName, answer }: NonNullable<ReturnType<typeof productionQuestion.read>>) {
  useReturnFocus()
  const [typed, setTyped] = useState('')
  const [isTold, setTold] = useState(false)
  const isRight = typed.trim() === profileName
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isRight) answer(typed)
    else setTold(true)
  }
  return (
    <Modal
      opened
      onClose={() => answer(null)}
      closeOnClickOutside={false}
      title="This is a production database"
      size={460}
    >
      <form onSubmit={submit}>
        <Group gap="sm" mb="sm">
          <EnvironmentMark environment="production" />
          <Text fw={600}>{profileName}</Text>
        </Group>
        <Text>{what}: this changes data that people depend on. Nothing has been changed so far.</Text>
        <TextInput
          mt="md"
          label={`Type the name of the profile, “${profileName}”, to go on`}
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          error={isTold && !isRight ? 'This is not the name of the profile. Upper and lower case count.' : null}
        />
        <Group justify="flex-end" gap="sm" mt="lg">
          <Button onClick={() => answer(null)}>Cancel</Button>
          <Button type="submit" variant="filled" color="red" data-disabled={!isRight} aria-disabled={!isRight}>
            {what}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}

// Asks before a profile is forgotten, and says what is not touched.
import { Button, Group, Modal, Text } from '@mantine/core'
import { addressOf, type Profile } from '../../shared/profiles.ts'
import { wordsOf } from '../ui/call-error.ts'
import { useReturnFocus } from '../ui/use-return-focus.ts'
import { plural } from '../ui/wording.ts'
import { useRemove } from './profiles-queries.ts'
import css from './remove-dialog.module.css'

interface RemoveDialogProps {
  profile: Profile
  /** Staged changes of this profile that would be out of reach. */
  staged: number
  onClose: () => void
  onRemoved: () => void
}

export function RemoveDialog({ profile, staged, onClose, onRemoved }: RemoveDialogProps) {
  useReturnFocus()
  const remove = useRemove()
  return (
    <Modal opened onClose={onClose} title={`Remove “${profile.name}” from the list?`} size={460}>
      <Text>
        {profile.dialect === 'sqlite'
          ? 'Roster forgets this profile. The file stays where it is and is not changed:'
          : 'Roster forgets this profile and its passwords. The database stays as it is:'}
      </Text>
      <div className={css.path}>{addressOf(profile)}</div>
      {staged > 0 && <Text mt="sm">{plural(staged, 'staged edit')} of this database are lost.</Text>}
      {remove.error && (
        <Text c="var(--roster-bad)" mt="sm" role="alert">
          {wordsOf(remove.error).message}
        </Text>
      )}
      <Group justify="flex-end" gap="sm" mt="lg">
        <Button onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button
          variant="filled"
          color="red"
          loading={remove.isPending}
          onClick={() => remove.mutate(profile.id, { onSuccess: onRemoved })}
        >
          Remove
        </Button>
      </Group>
    </Modal>
  )
}

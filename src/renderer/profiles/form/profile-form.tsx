// The form of a profile: what it is called, where its database is, how it is reached, who logs in, how it is opened.
import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Profile } from '../../../shared/profiles.ts'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import { plural } from '../../ui/wording.ts'
import { secretStorageQuery, useHasPasswords } from '../profiles-queries.ts'
import type { PickWhat } from '../use-pick-file.tsx'
import { DatabaseSection } from './database-section.tsx'
import { EncryptionSection } from './encryption-section.tsx'
import { Group } from './form-fields.tsx'
import { FormResult } from './form-result.tsx'
import type { FormValues } from './form-values.ts'
import { LoginFields } from './login-fields.tsx'
import { MigrationFields } from './migration-fields.tsx'
import { OpeningSection } from './opening-section.tsx'
import { PoolFields } from './pool-fields.tsx'
import css from './profile-form.module.css'
import { RefusedDialog } from './refused-dialog.tsx'
import type { SecretContext } from './secret-fields.tsx'
import { StakeSection } from './stake-section.tsx'
import { TunnelSection } from './tunnel-section.tsx'
import { useProfileForm } from './use-profile-form.ts'
import { isElsewhere } from './values-of.ts'

export interface ProfileFormProps {
  /** What the form begins with. */
  initial: FormValues
  /** The profile that is edited; null for a new one. */
  profile: Profile | null
  /** A password that the host has read with the settings, and from where. */
  imported: { id: string; from: string } | null
  /** Staged changes of the profile. */
  staged: number
  /** Lets the person choose a file; null when they did not. */
  onPickFile: (what: PickWhat) => Promise<string | null>
  /** A file is being chosen, in a dialog above this one: Esc is for that one. */
  isPicking: boolean
  onClose: () => void
  onSaved: (profile: Profile) => void
}

export function ProfileForm(props: ProfileFormProps) {
  const { initial, profile, imported, staged, onPickFile, isPicking, onClose, onSaved } = props
  useReturnFocus()
  const storage = useQuery(secretStorageQuery).data
  const stored = useHasPasswords(profile?.id).data
  const own = useProfileForm({ initial, profile, importedId: imported?.id ?? null, onSaved })
  const { form, tested } = own
  const { values } = form
  const secrets: SecretContext = { storage, stored, importedFrom: imported?.from ?? null }
  const isServer = values.dialect !== 'sqlite'
  const refused = tested?.outcome === 'failed' && (tested.cause.certificate ?? tested.cause.hostKey)
  /** The result of a test whose certificate or key the person has turned away from. */
  const [left, setLeft] = useState<unknown>(null)
  const isLooking = Boolean(refused) && left !== tested

  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={false}
      closeOnEscape={!isPicking && !isLooking}
      title={profile ? `Edit “${profile.name}”` : 'New profile'}
      size={880}
      padding={0}
      styles={{ header: { padding: '10px 16px 4px' } }}
    >
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          own.save()
        }}
        noValidate
      >
        <div className={css.body}>
          <div>
            <DatabaseSection form={form} isNew={!profile} onPick={onPickFile} />
            {isServer && (
              <>
                <Group title="Login">
                  <LoginFields form={form} role="runtime" secrets={secrets} />
                </Group>
                <EncryptionSection form={form} secrets={secrets} onPick={onPickFile} />
              </>
            )}
          </div>
          <div>
            <StakeSection form={form} />
            {isServer && (
              <>
                <TunnelSection form={form} secrets={secrets} onPick={onPickFile} />
                <OpeningSection form={form} />
                <PoolFields form={form} />
              </>
            )}
            <MigrationFields form={form} secrets={secrets} />
            {profile && staged > 0 && isElsewhere(profile, values) && (
              <p className={css.hint} role="status">
                {plural(staged, 'staged edit')} of this profile stay staged, and would be saved to the new place.
              </p>
            )}
          </div>
        </div>
        <div className={css.foot}>
          {own.isTesting ? (
            <Button onClick={own.stopTest}>Stop testing</Button>
          ) : (
            <Button onClick={() => own.test()}>Test connection</Button>
          )}
          <FormResult
            test={tested}
            problem={own.problem}
            isTesting={own.isTesting}
            hasErrors={own.hasErrors}
            onLook={() => setLeft(null)}
          />
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={own.isSaving}>
            Save
          </Button>
        </div>
      </form>
      {isLooking && tested?.outcome === 'failed' && (
        <RefusedDialog
          cause={tested.cause}
          onClose={() => setLeft(tested)}
          onPin={(pin) => {
            // As when it is trusted while opening: one for each place.
            const others = values.pins.filter(({ host, port }) => host !== pin.host || port !== pin.port)
            const pins = [...others, pin]
            form.change({ pins })
            own.test({ ...values, pins })
          }}
          onKeyTrusted={() => own.test()}
        />
      )}
    </Modal>
  )
}

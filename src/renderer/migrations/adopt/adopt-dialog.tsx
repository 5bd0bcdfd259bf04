// A table that is there already, compared with what a step would make; when it fits, the step is written down as applied.
import { Button, Loader, Modal } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Adoption } from '../../../shared/migration-steps.ts'
import { api } from '../../api.ts'
import { confirmed } from '../../ui/confirm-production.ts'
import { Notice } from '../../ui/notice.tsx'
import { ReasonButton } from '../../ui/reason-button.tsx'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import { CallProblem } from '../folder/call-problem.tsx'
import { CodeText } from '../folder/code-text.tsx'
import { DialogFoot } from '../folder/dialog-foot.tsx'
import { comparedWords } from './adopt-words.ts'
import { FindingsTable } from './findings-table.tsx'
import css from './adopt.module.css'

interface AdoptDialogProps {
  profileId: string
  name: string
  onClose: () => void
  onAdopted: () => void
}

export function AdoptDialog({ profileId, name, onClose, onAdopted }: AdoptDialogProps) {
  useReturnFocus()
  const client = useQueryClient()
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['migrations', profileId, 'adoption', name],
    queryFn: ({ signal }) => api.migrations.adoption({ profileId, name }, { signal }),
    staleTime: 0,
    gcTime: 0,
  })
  const adopting = useMutation({
    mutationFn: () =>
      confirmed(`Adopt ${name}`, (confirmation) => api.migrations.adopt({ profileId, name, ...confirmation })),
    onSuccess() {
      void client.invalidateQueries({ queryKey: ['migrations', profileId] })
      onAdopted()
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={`Adopt ${name}`} size={860}>
      <div className={css.dialog}>
        <CallProblem error={error ?? adopting.error} />
        {!data && !error && (
          <div className={css.reading}>
            <Loader size={16} /> Comparing the table with what the step would make
          </div>
        )}
        {data && <Compared adoption={data} />}
      </div>
      <DialogFoot>
        {error !== null && (
          <Button loading={isFetching} onClick={() => void refetch()}>
            Try again
          </Button>
        )}
        <Button onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <ReasonButton
          variant="filled"
          reason={whyNot(data, adopting.isPending)}
          loading={adopting.isPending}
          onClick={() => adopting.mutate()}
        >
          Adopt
        </ReasonButton>
      </DialogFoot>
    </Modal>
  )
}

function Compared({ adoption }: { adoption: Adoption }) {
  const { table, isCompatible, owner, findings, closing } = adoption
  return (
    <>
      <Notice tone={isCompatible ? 'good' : 'bad'}>{comparedWords(adoption)}</Notice>
      {owner !== null && (
        <Notice tone="warn">
          {table} is owned by {owner}, as far as it can be told. Changes of the table are best made there.
        </Notice>
      )}
      <FindingsTable findings={findings} />
      {isCompatible && (
        <p className={css.text}>
          Adopting writes one row into the ledger, which says that the step is applied, and notes in the journal who did
          it. Nothing else is written: {table} and its rows stay as they are.
        </p>
      )}
      {closing !== null && (
        <>
          <p className={css.text}>
            This migration would close the differences. Write a new migration and put this text in, if that is wanted.
          </p>
          <CodeText title="Migration that closes the differences" text={closing} />
        </>
      )}
    </>
  )
}

function whyNot(adoption: Adoption | undefined, isPending: boolean): string | null {
  if (isPending) return 'It is being adopted.'
  if (!adoption) return 'The table has not been compared yet.'
  return adoption.isCompatible ? null : 'The table does not fit: what is missing or incompatible stands in the way.'
}

// What verbs ask before anything is staged. Nothing is drawn while none of them is open.
import type { TableDescription } from '../../../shared/tables.ts'
import type { TableModel } from '../../tables/table-model.ts'
import { UserFormDialog } from './new-user/user-form.tsx'
import { CheckDialog } from './passwords/check-dialog.tsx'
import { PasswordDialog } from './passwords/password-dialog.tsx'
import { UsersMenuThere } from './users-menu.tsx'
import { VerbDialog } from './verb-dialog.tsx'

export function VerbDialogs({ model, description }: { model: TableModel; description: TableDescription }) {
  if (!description.owner?.user) return null
  return (
    <>
      <UsersMenuThere model={model} description={description} />
      <VerbDialog model={model} description={description} />
      <PasswordDialog model={model} description={description} />
      <CheckDialog model={model} />
      <UserFormDialog model={model} description={description} />
    </>
  )
}

// What the screen of a table gains where its rows are users: verbs, health, the page of one user.
import { openForeignReport } from '../tables/foreign/foreign-runs.ts'
import type { TableExtras } from '../tables/table-extras.ts'
import { HealthButton } from './health/health-button.tsx'
import { HealthPanel } from './health/health-panel.tsx'
import { PageButton, PageItem } from './page/page-button.tsx'
import { UserPage } from './page/user-page.tsx'
import { UsersCellMenu, UsersMenu } from './verbs/users-menu.tsx'
import { VerbDialogs } from './verbs/verb-dialogs.tsx'

/** Each part draws nothing where the table's owner names no users. */
export const userExtras: TableExtras = {
  toolbar: (model, description) => (
    <>
      <UsersMenu model={model} description={description} />
      <PageButton model={model} description={description} />
      <HealthButton model={model} description={description} />
    </>
  ),
  menu: (model, description) => (
    <>
      <UsersCellMenu model={model} description={description} />
      <PageItem model={model} description={description} />
    </>
  ),
  dialogs: (model, description) => (
    <>
      <UserPage model={model} description={description} />
      <VerbDialogs model={model} description={description} />
    </>
  ),
  side: (model, description) => (
    <>
      <HealthPanel model={model} description={description} onReport={openForeignReport} />
    </>
  ),
}

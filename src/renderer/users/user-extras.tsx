// What the screen of a table gains where its rows are users: verbs, health, the page of one user.
import type { TableExtras } from '../tables/table-extras.ts'
import { HealthButton } from './health/health-button.tsx'
import { HealthPanel } from './health/health-panel.tsx'

/** Each part draws nothing where the table's owner names no users. */
export const userExtras: TableExtras = {
  toolbar: (model, description) => (
    <>
      <HealthButton model={model} description={description} />
    </>
  ),
  side: (model, description) => (
    <>
      <HealthPanel model={model} description={description} />
    </>
  ),
}

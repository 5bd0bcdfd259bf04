// The commands about users as items of a menu, each with the reason where it cannot be done.
import { Menu } from '@mantine/core'
import type { TableDescription } from '../../../shared/tables.ts'
import { userVerbs } from '../../../shared/user-verbs.ts'
import { tableRefusal } from '../../tables/table-edits.ts'
import type { TableModel } from '../../tables/table-model.ts'
import {
  checkRefusal,
  duplicateRefusal,
  startCheck,
  startDuplicate,
  startLock,
  startNewUser,
  startPassword,
  startVerb,
  verbRefusal,
} from './start-verb.ts'
import { LABELS, MEANINGS } from './verb-words.ts'

interface VerbItemsProps {
  model: TableModel
  description: TableDescription
  /** After a command has begun to ask; not for a click beside the items. */
  onChosen?: () => void
}

export function VerbItems({ model, description, onChosen }: VerbItemsProps) {
  const then = (act: () => void) => () => {
    act()
    onChosen?.()
  }
  const refusal = (verb: Parameters<typeof verbRefusal>[2]) => verbRefusal(model, description, verb)
  return (
    <>
      {userVerbs.map((verb) => (
        <Item
          key={verb}
          label={LABELS[verb]}
          title={MEANINGS[verb]}
          reason={refusal(verb)}
          act={then(() => void startVerb(model, verb))}
        />
      ))}
      <Menu.Divider />
      <Item
        label={LABELS.password}
        title={MEANINGS.password}
        reason={refusal('password')}
        act={then(() => void startPassword(model))}
      />
      <Item
        label={LABELS.lock}
        title={MEANINGS.lock}
        reason={refusal('lock')}
        act={then(() => void startLock(model))}
      />
      <Item
        label="Check a password"
        title="whether it is the one of the current row"
        reason={checkRefusal(model, description)}
        act={then(() => startCheck(model, description))}
      />
      <Menu.Divider />
      <Item
        label="New user"
        title="a form with what a user needs"
        reason={tableRefusal(model)}
        act={then(() => startNewUser(model, description))}
      />
      <Item
        label="Duplicate"
        title="a new user with what can be copied of the current row"
        reason={duplicateRefusal(model)}
        act={then(() => void startDuplicate(model, description))}
      />
    </>
  )
}

function Item({ label, title, reason, act }: { label: string; title: string; reason: string | null; act: () => void }) {
  return (
    <Menu.Item disabled={reason !== null} title={reason ?? title} onClick={act}>
      {label}…
    </Menu.Item>
  )
}

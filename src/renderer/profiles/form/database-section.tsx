// Which database it is: its kind, its name in the list, and where it is.
import { SegmentedControl } from '@mantine/core'
import type { ClipboardEvent } from 'react'
import { dialectNames } from '../../ui/environment-words.ts'
import { FileField, type Pick } from './file-field.tsx'
import { Group, Text, type FormState } from './form-fields.tsx'
import { withDialect } from './form-values.ts'
import { nodesIn, placeIn } from './node-list.ts'
import { NodesField } from './nodes-field.tsx'
import css from './profile-form.module.css'

interface DatabaseSectionProps {
  form: FormState
  /** The kind of a profile that is stored stays what it is. */
  isNew: boolean
  onPick: Pick
}

export function DatabaseSection({ form, isNew, onPick }: DatabaseSectionProps) {
  const { values, change } = form
  return (
    <Group title="Database">
      {isNew && (
        <SegmentedControl
          className={css.whole ?? ''}
          aria-label="Kind of database"
          size="xs"
          transitionDuration={80}
          value={values.dialect}
          onChange={(next) => change(withDialect(values, next))}
          data={(['postgres', 'mysql', 'sqlite'] as const).map((value) => ({ value, label: dialectNames[value] }))}
        />
      )}
      <Text form={form} field="name" label="Name" className={css.whole} maxLength={80} data-autofocus />
      {values.dialect === 'sqlite' ? (
        <FileField form={form} field="file" label="File" what="database" onPick={onPick} />
      ) : (
        <>
          <Text
            form={form}
            field="host"
            label="Host"
            className={css.wide}
            maxLength={255}
            onPaste={(event) => pasteNodes(event, form)}
          />
          <Text form={form} field="port" label="Port" className={css.narrow} isNumber />
          <Text form={form} field="database" label="Database" className={css.whole} maxLength={128} />
          {values.dialect === 'mysql' && <NodesField form={form} />}
        </>
      )}
    </Group>
  )
}

/** A pasted list fills host and port with its first node, and the others after it. */
function pasteNodes(event: ClipboardEvent<HTMLInputElement>, { values, change }: FormState): void {
  const [first, ...others] = nodesIn(event.clipboardData.getData('text'))
  const port = Number(values.port)
  const place = first === undefined || others.length === 0 ? null : placeIn(first, port)
  if (values.dialect !== 'mysql' || !place) return
  event.preventDefault()
  change({ host: place.host, ...(place.port !== port && { port: String(place.port) }), nodes: others })
}

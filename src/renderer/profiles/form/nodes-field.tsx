// Further nodes of a Galera cluster: one line each. Enter adds a line, Backspace in an empty one removes it, a pasted list fills
// as many lines as it has nodes.
import { ActionIcon, Button, TextInput } from '@mantine/core'
import { Plus, X } from 'lucide-react'
import { useRef, type ClipboardEvent, type KeyboardEvent } from 'react'
import { idOf, type FormState } from './form-fields.tsx'
import { nodesIn } from './node-list.ts'
import css from './profile-form.module.css'

export function NodesField({ form }: { form: FormState }) {
  const { nodes } = form.values
  const add = useRef<HTMLButtonElement>(null)
  const put = (next: string[], focus: number) => {
    form.change({ nodes: next })
    // The line is there after the next render.
    setTimeout(() => (document.getElementById(idOf(`node-${focus}`)) ?? add.current)?.focus())
  }
  const remove = (index: number) => put(nodes.toSpliced(index, 1), Math.max(0, index - 1))
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>, index: number) => {
    const text = nodes[index] ?? ''
    if (event.key === 'Enter' && text.trim() !== '') {
      event.preventDefault()
      put(nodes.toSpliced(index + 1, 0, ''), index + 1)
    } else if (event.key === 'Backspace' && text === '') {
      event.preventDefault()
      remove(index)
    }
  }
  const onPaste = (event: ClipboardEvent<HTMLInputElement>, index: number) => {
    const pasted = nodesIn(event.clipboardData.getData('text'))
    if (pasted.length < 2) return
    event.preventDefault()
    put(nodes.toSpliced(index, 1, ...pasted), index + pasted.length - 1)
  }
  return (
    <div className={css.whole} role="group" aria-label="Further nodes of the cluster">
      <div className={css.label}>Further nodes of the cluster</div>
      {nodes.map((node, index) => (
        <div key={index} className={css.nodeRow}>
          <TextInput
            id={idOf(`node-${index}`)}
            aria-label={`Node ${index + 2}`}
            placeholder="db2 or db2:3307"
            spellCheck={false}
            autoComplete="off"
            value={node}
            error={form.errors[`node-${index}`]}
            onChange={({ currentTarget }) => form.change({ nodes: nodes.with(index, currentTarget.value) })}
            onKeyDown={(event) => onKeyDown(event, index)}
            onPaste={(event) => onPaste(event, index)}
          />
          <ActionIcon aria-label={`Remove node ${index + 2}`} onClick={() => remove(index)}>
            <X size={14} />
          </ActionIcon>
        </div>
      ))}
      <div className={css.nodeFoot}>
        <Button ref={add} leftSection={<Plus size={13} />} onClick={() => put([...nodes, ''], nodes.length)}>
          Add a node
        </Button>
        <span className={css.hint}>
          {nodes.length === 0
            ? 'For MariaDB Galera.'
            : 'Used in this order while the one above cannot be. Enter adds a line; a pasted list fills several.'}
        </span>
      </div>
      {form.errors.nodes && <p className={css.wrong}>{form.errors.nodes}</p>}
    </div>
  )
}

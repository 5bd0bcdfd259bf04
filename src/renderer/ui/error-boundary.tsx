// Never a blank page: an error while drawing is shown in words, with a way to go on.
import { Button } from '@mantine/core'
import { CircleAlert } from 'lucide-react'
import { Component, type ReactNode } from 'react'
import { Panel } from './panel.tsx'

interface ErrorBoundaryProps {
  children: ReactNode
  /** What is at stake: staged edits live in this page, outside of what is drawn. */
  hasStagedEdits: () => boolean
}

export class ErrorBoundary extends Component<ErrorBoundaryProps, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    const staged = this.props.hasStagedEdits()
    return (
      <Panel
        isProblem
        icon={<CircleAlert size={22} />}
        title="This screen could not be drawn"
        actions={
          <>
            <Button variant="filled" onClick={() => this.setState({ error: null })}>
              Try again
            </Button>
            <Button onClick={() => location.reload()}>Reload</Button>
          </>
        }
      >
        <p>{error.message || error.name}</p>
        {staged && <p>Staged edits are kept while this page stays open. Try again keeps them; Reload loses them.</p>}
      </Panel>
    )
  }
}

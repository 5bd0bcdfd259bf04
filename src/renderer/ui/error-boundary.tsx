// Never a blank page: an error while drawing is shown in words, with a way to go on.
import { Button } from '@mantine/core'
import { CircleAlert } from 'lucide-react'
import { Component, type ReactNode } from 'react'
import { Panel } from './panel.tsx'

interface ErrorBoundaryProps {
  children: ReactNode
  /** What is at stake: true when a reload brings every staged edit back. */
  isKept: () => boolean
}

export class ErrorBoundary extends Component<ErrorBoundaryProps, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    const isKept = this.props.isKept()
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
        <p>
          {isKept
            ? 'Staged edits are kept: both ways bring them back.'
            : 'Some staged edits live in this page alone. Try again keeps them; Reload loses them.'}
        </p>
      </Panel>
    )
  }
}

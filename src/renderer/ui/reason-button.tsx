// A button that, when it cannot be used, stays reachable and says why.
import { Button, Tooltip, type ButtonProps } from '@mantine/core'
import type { ReactNode } from 'react'

interface ReasonButtonProps extends ButtonProps {
  /** Why it cannot be used just now; null when it can. */
  reason: string | null
  /** A button that sends its form has none; the form looks at the reason too. */
  onClick?: () => void
  type?: 'submit'
  children: ReactNode
}

export function ReasonButton({ reason, onClick, children, ...rest }: ReasonButtonProps) {
  const isOff = reason !== null
  return (
    <Tooltip label={reason} disabled={!isOff} events={{ hover: true, focus: true, touch: true }}>
      <Button
        {...rest}
        data-disabled={isOff}
        aria-disabled={isOff}
        aria-description={reason ?? undefined}
        onClick={isOff ? undefined : onClick}
      >
        {children}
      </Button>
    </Tooltip>
  )
}

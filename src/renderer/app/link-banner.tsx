// Says that the host cannot be reached, while everything on the screen stays where it is.
import { Button } from '@mantine/core'
import { Unplug } from 'lucide-react'
import { useEffect, useState } from 'react'
import { retryNow } from '../api.ts'
import { useLink, useSecondsUntil } from '../ui/use-link.ts'
import css from './link-banner.module.css'

/** Drops shorter than this, in milliseconds, are mended before anyone has read a banner. */
const GRACE = 400

export function LinkBanner() {
  const { state, nextTryAt } = useLink()
  const seconds = useSecondsUntil(nextTryAt)
  const isShown = useStays(state === 'lost', GRACE)
  if (!isShown) return null
  return (
    <div className={css.banner}>
      <Unplug size={15} aria-hidden />
      <span>
        <span role="status">Connection to Roster lost.</span>{' '}
        {/* The countdown is not announced: it would speak every second. */}
        {seconds > 0 ? `Trying again in ${seconds} s.` : 'Trying again now.'} Staged edits are kept.
      </span>
      <Button className={css.button} onClick={retryNow}>
        Retry now
      </Button>
    </div>
  )
}

/** True once `isOn` has been true for `milliseconds`; false at once when it is not. */
function useStays(isOn: boolean, milliseconds: number): boolean {
  const [isLong, setIsLong] = useState(false)
  useEffect(() => {
    if (!isOn) return
    const timer = setTimeout(() => setIsLong(true), milliseconds)
    return () => {
      clearTimeout(timer)
      setIsLong(false)
    }
  }, [isOn, milliseconds])
  return isOn && isLong
}

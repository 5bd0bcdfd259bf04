// What just happened, over the last rows of the grid. Good news goes by itself; bad news stays until it is dismissed.
import { ActionIcon, Button } from '@mantine/core'
import { X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Notice } from '../ui/notice.tsx'
import type { TableModel, TableNotice } from './table-model.ts'
import css from './table-screen.module.css'

/** Milliseconds after which a message goes that asks for nothing. */
const SHOWN_FOR = 8_000

export function Message({ model, notice }: { model: TableModel; notice: TableNotice | null }) {
  const good = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!notice || notice.tone === 'bad' || notice.action) return
    // Whoever is about to press a button of it is not left without.
    const timer = setInterval(() => {
      if (!good.current?.matches(':hover, :focus-within')) model.dismiss(notice)
    }, SHOWN_FOR)
    return () => clearInterval(timer)
  }, [model, notice])
  // The two regions stay, so that a screen reader notices what comes into them.
  return (
    <>
      <div ref={good} role="status" className={css.messageRegion}>
        {notice && notice.tone !== 'bad' && <Words model={model} notice={notice} />}
      </div>
      <div role="alert" className={css.messageRegion}>
        {notice?.tone === 'bad' && <Words model={model} notice={notice} />}
      </div>
    </>
  )
}

function Words({ model, notice }: { model: TableModel; notice: TableNotice }) {
  return (
    <div className={css.message}>
      <Notice
        tone={notice.tone}
        actions={
          <>
            {[notice.action, notice.also].map(
              (action) =>
                action && (
                  <Button key={action.label} onClick={action.perform}>
                    {action.label}
                  </Button>
                ),
            )}
            <ActionIcon aria-label="Dismiss" onClick={() => model.dismiss(notice)}>
              <X size={15} />
            </ActionIcon>
          </>
        }
      >
        {notice.text}
      </Notice>
    </div>
  )
}

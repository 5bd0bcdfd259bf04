// The statements that make a table again, to be read and copied.
import { Button, CopyButton } from '@mantine/core'
import { Check, Copy } from 'lucide-react'
import css from './structure.module.css'

export function DdlText({ table, ddl }: { table: string; ddl: string }) {
  return (
    <section className={css.part} aria-label="DDL">
      <h3 className={css.title}>
        DDL
        {ddl !== '' && (
          <CopyButton value={ddl}>
            {({ copied, copy }) => (
              <Button
                size="compact-xs"
                leftSection={copied ? <Check size={13} /> : <Copy size={13} />}
                aria-label={`Copy the DDL of ${table}`}
                onClick={copy}
              >
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
        )}
      </h3>
      {ddl === '' ? (
        <p className={css.none}>The database does not show it to this user.</p>
      ) : (
        <pre className={css.ddl} tabIndex={0} aria-label={`DDL of ${table}`}>
          {ddl}
        </pre>
      )}
    </section>
  )
}

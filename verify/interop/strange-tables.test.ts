// Tables of strangers, each of their cells read and written over through Roster's calls and looked at by the driver: what was
// meant is there, nothing else has changed, and a save that was taken back leaves no trace.
import { expect, it } from 'vitest'
import { describeOnEachEngine } from '../../src/core/tables/engines.test-setup.ts'
import { exercise } from './exercise.ts'
import { quoted } from './raw.ts'
import { STRANGE } from './strange-tables.ts'

/** Why an edit may be refused; anything else is a fault. */
const GOOD_REASONS = new RegExp(
  [
    'is already used by|has the same values already|conflicting key value|Rows of .* refer to this row',
    'which any number of rows may have|could not be named any more|so a single row cannot be named|Other tables inherit',
    'is not how .* is written|is written as text like .* Choose how|is not written in one way',
    'have no order|this would be read as',
  ].join('|'),
)

/** Servers take their time for many small saves: `npm run verify:interop` has these too. */
const LONG =
  process.env.VERIFY === 'full'
    ? []
    : ['postgres values', 'postgres keys', 'mysql values', 'mysql keys', 'mysql charsets']

describeOnEachEngine('strange tables', (engine) => {
  it.each(STRANGE[engine.dialect].filter(([what]) => !LONG.includes(`${engine.dialect} ${what}`)))(
    '%s',
    async (_what, setup, more) => {
      const opened = await engine.open(setup)
      try {
        const entries = await opened.api.tables.list({ profileId: opened.profileId })
        expect(entries.length).toBe(setup.match(/create( strict)? table/gi)?.length)
        for (const { name } of entries) {
          const sql = more?.sql?.[name] ?? quoted(engine.dialect, name)
          const { read, edits, refused } = await exercise({ ...more, engine, opened, table: name, sql })
          expect(refused.filter((why) => !GOOD_REASONS.test(why))).toEqual([])
          const isReadOnly = refused.some((why) => /single row cannot be named|Other tables inherit/.test(why))
          expect([read > 0, edits > 0], name).toEqual([!isReadOnly, !isReadOnly])
          console.log(
            `FIGURE strange ${engine.dialect} ${name}: ${read} read, ${edits} edits, ${refused.length} refused`,
          )
        }
      } finally {
        await opened.close()
      }
    },
    240_000,
  )
})

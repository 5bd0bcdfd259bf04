// The text of a step: as its files are now, and as they were when it was applied.
import { z } from 'zod'
import { Refusal } from '../refusal.ts'
import { keyOf } from './folder/step-name.ts'
import { readLedger } from './ledger.ts'
import { appliedFrom } from './list-steps.ts'
import type { Project } from './project.ts'

interface Text {
  name: string
  text: string
}

const texts = z.array(z.object({ name: z.string(), text: z.string() }))

/** `applied` is null where Roster has no record of it. Throws STEP_REFUSED for a step that nobody knows. */
export async function sourceOf(
  project: Project,
  name: string,
  signal: AbortSignal,
): Promise<{ files: Text[]; applied: Text[] | null }> {
  const { database, journal } = project
  const entry = await database.schemaLook(signal, async (look) => {
    const { rows } = await readLedger(database, look, await look.tables())
    return appliedFrom({ files: project.files, rows, entries: await journal.entries(look), half: null }, name)
  })
  const file = project.files.find((each) => each.name === name) ?? project.files.find(({ key }) => key === keyOf(name))
  const applied = textsIn(entry?.source ?? null)
  if (!file && !applied) {
    const why = `Neither the folder nor the journal has the text of ${name}.`
    throw new Refusal('STEP_REFUSED', why, { name })
  }
  return { files: (file?.files ?? []).map((each) => ({ name: each.name, text: each.text })), applied }
}

function textsIn(source: string | null): Text[] | null {
  if (source === null) return null
  try {
    return texts.parse(JSON.parse(source))
  } catch {
    // Somebody else has written into the journal: there is no record then.
    return null
  }
}

// Schema work: which steps there are, what they would do, running them, and what to do when one ended in the middle.
import { z } from 'zod'
import { adoption, historyEntry, migrationList } from './migration-steps.ts'
import { migrationAction, migrationEvent, planEvent, rehearsalEvent } from './migration-runs.ts'
import { call, confirmation, progress } from './procedure.ts'

const ofProfile = z.object({ profileId: z.string() })
const ofStep = ofProfile.extend({ name: z.string() })
const consent = { confirmation }

/** Errors about the folder: its message says what to do. */
const folderErrors = {
  /** It cannot be read or written, or may not be reached from this host. */
  FOLDER_REFUSED: { data: z.object({ path: z.string() }) },
  /** Its code may not run yet: it is not trusted, or has changed since. */
  NOT_TRUSTED: {},
}
/** The step is not there, or not in a state in which this can be done. */
const stepErrors = { STEP_REFUSED: { data: z.object({ name: z.string() }) } }
/** Somebody else is at work, or left a lock behind; what is written down of steps is not touched then. */
const lockErrors = { LOCK_HELD: {} }

export const migrationsContract = {
  /** Never runs code and never writes. */
  list: call().input(ofProfile).output(migrationList),
  /**
   * The step's files as they are now, and as they were when it was applied; null where Roster has no record. `name` may also be
   * another file that trust in the folder covers (a helper that steps load): then it is that file alone.
   */
  source: call()
    .errors({ ...folderErrors, ...stepErrors })
    .input(ofStep)
    .output(
      z.object({
        files: z.array(z.object({ name: z.string(), text: z.string() })),
        applied: z.array(z.object({ name: z.string(), text: z.string() })).nullable(),
      }),
    ),
  /** The profile's folder from now on; null: the built-in steps. Nothing of it is run. */
  useFolder: call()
    .errors({ ...folderErrors, NOT_STORED: {} })
    .input(ofProfile.extend({ path: z.string().nullable() }))
    .output(z.object({})),
  /** Desktop only: the native dialog for a folder. Null when it was cancelled. */
  pickFolder: call(60 * 60_000)
    .errors({ NO_DIALOG: {} })
    .output(z.object({ path: z.string().nullable() })),
  /** Allows the folder's code to run. `content` is what the person was shown; refused when the folder is another by now. */
  trust: call()
    .errors({ ...folderErrors, NOT_STORED: {} })
    .input(ofProfile.extend({ content: z.string() }))
    .output(z.object({})),
  /**
   * Writes a new dated file (two for `sql`) into the folder: from a template, or with the `text` that is brought along for `sql`.
   * `isOpened`: it is shown in its folder, on a desktop.
   */
  create: call()
    .errors(folderErrors)
    .input(
      ofProfile.extend({
        title: z.string().trim().min(1).max(100),
        kind: z.enum(['ts', 'js', 'sql']),
        text: z.object({ up: z.string().min(1).max(100_000), down: z.string().min(1).max(100_000) }).optional(),
      }),
    )
    .output(z.object({ paths: z.array(z.string()), isOpened: z.boolean() })),

  /** What would be sent; never writes. */
  plan: progress(planEvent)
    .errors({ ...folderErrors, ...stepErrors })
    .input(ofProfile.extend({ action: migrationAction })),
  /** Does it for real where that can be taken back, and takes it back. */
  rehearse: progress(rehearsalEvent)
    .errors({ ...folderErrors, ...stepErrors, ...lockErrors })
    .input(ofProfile.extend({ action: migrationAction, ...consent })),
  run: progress(migrationEvent)
    .errors({ ...folderErrors, ...stepErrors, ...lockErrors })
    .input(ofProfile.extend({ action: migrationAction, ...consent })),

  /** The half step's end, by a person who has looked. Only the ledger and the journal are written. */
  mark: call()
    .errors({ ...stepErrors, ...lockErrors })
    .input(ofStep.extend({ as: z.enum(['applied', 'not-applied']), ...consent }))
    .output(z.object({})),
  /** The ledger takes the name that the file has now. */
  renameInLedger: call()
    .errors({ ...stepErrors, ...lockErrors })
    .input(ofStep.extend({ ...consent }))
    .output(z.object({})),
  /** Frees knex's lock that nobody holds, and gives its table the one row it should have. */
  repairLock: call()
    .errors(lockErrors)
    .input(ofProfile.extend({ ...consent }))
    .output(z.object({})),

  /** Compares; never writes. */
  adoption: call().errors(stepErrors).input(ofStep).output(adoption),
  /** Writes the ledger's row instead of running the step; compares once more before. */
  adopt: call()
    .errors({ ...stepErrors, ...lockErrors })
    .input(ofStep.extend({ ...consent }))
    .output(z.object({})),

  /** The newest first, at most 1,000. */
  history: call().input(ofProfile).output(z.array(historyEntry)),
}

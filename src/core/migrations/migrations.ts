// Schema work as the contract has it: the list of steps, what they would do, running them, and what to do after.
import { api } from '../implement.ts'
import { confirmWrite } from '../production.ts'
import { Refusal } from '../refusal.ts'
import { compareTable } from './adopt/compare.ts'
import { helperText } from './folder/helper-text.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { createFile, trustFolder, useFolder } from './own-folder.ts'
import { planMigrations } from './plan/plan.ts'
import { openProject } from './project.ts'
import { rehearse } from './rehearse/rehearse.ts'
import { readHistory } from './run/history.ts'
import { adoptStep, markStep, renameInLedger, repairLock } from './run/mark.ts'
import { runMigrations } from './run/run.ts'
import { sourceOf } from './source.ts'
import { readState } from './state.ts'

const working = oneAtATime()

export const migrationsRouter = {
  list: api.migrations.list.handler(async ({ context: { core, signal }, input }) =>
    readState(await openProject(core, input.profileId, signal), signal),
  ),

  source: api.migrations.source.handler(async ({ context: { core, signal }, input: { profileId, name } }) => {
    const project = await openProject(core, profileId, signal)
    const helper = await helperText(core, project, name)
    if (helper !== null) return { files: [{ name, text: helper }], applied: null }
    return sourceOf(project, name, signal)
  }),

  useFolder: api.migrations.useFolder.handler(async ({ context: { core }, input }) => {
    await useFolder(core, input.profileId, input.path)
    return {}
  }),

  pickFolder: api.migrations.pickFolder.handler(async ({ context: { core } }) => {
    if (core.host.fileRoots !== null) {
      throw new Refusal('NO_DIALOG', 'There is no file dialog here; folders are listed instead.')
    }
    const path = await core.host.pickPath('Choose the folder with the migrations', 'folder')
    if (path !== null) core.files.remember(path)
    return { path }
  }),

  trust: api.migrations.trust.handler(async ({ context: { core }, input }) => {
    await trustFolder(core, input.profileId, input.content)
    return {}
  }),

  create: api.migrations.create.handler(({ context: { core }, input }) => createFile(core, input.profileId, input)),

  plan: api.migrations.plan.handler(async ({ context: { core, signal }, input: { profileId, action } }) =>
    planMigrations({ project: await openProject(core, profileId, signal), action, signal }),
  ),

  rehearse: api.migrations.rehearse.handler(async ({ context: { core, signal }, input }) => {
    const { profileId, action, confirmation } = input
    confirmWrite(core.profiles.get(profileId), confirmation)
    const project = await openProject(core, profileId, signal)
    const events = () => rehearse({ project, action, signal })
    return core.runs.during('migrations', working.during(project.database, 'rehearsal', events))
  }),

  run: api.migrations.run.handler(async ({ context: { core, signal }, input }) => {
    const { profileId, action, confirmation } = input
    confirmWrite(core.profiles.get(profileId), confirmation)
    const project = await openProject(core, profileId, signal)
    const events = () => runMigrations({ project, action, signal })
    return core.runs.during('migrations', working.during(project.database, 'run', events))
  }),

  mark: api.migrations.mark.handler(async ({ context: { core, signal }, input }) => {
    const { profileId, name, as, confirmation } = input
    confirmWrite(core.profiles.get(profileId), confirmation)
    const project = await openProject(core, profileId, signal)
    working.refuseMeanwhile(project.database, name)
    await markStep(project, name, as, signal)
    return {}
  }),

  renameInLedger: api.migrations.renameInLedger.handler(async ({ context: { core, signal }, input }) => {
    const { profileId, name, confirmation } = input
    confirmWrite(core.profiles.get(profileId), confirmation)
    const project = await openProject(core, profileId, signal)
    working.refuseMeanwhile(project.database, name)
    await renameInLedger(project, name, signal)
    return {}
  }),

  repairLock: api.migrations.repairLock.handler(async ({ context: { core, signal }, input }) => {
    confirmWrite(core.profiles.get(input.profileId), input.confirmation)
    await repairLock(await openProject(core, input.profileId, signal), signal)
    return {}
  }),

  adoption: api.migrations.adoption.handler(async ({ context: { core, signal }, input }) =>
    compareTable(await openProject(core, input.profileId, signal), input.name, signal),
  ),

  adopt: api.migrations.adopt.handler(async ({ context: { core, signal }, input }) => {
    const { profileId, name, confirmation } = input
    confirmWrite(core.profiles.get(profileId), confirmation)
    const project = await openProject(core, profileId, signal)
    working.refuseMeanwhile(project.database, name)
    // What a person was shown may have changed since.
    const { isCompatible, table } = await compareTable(project, name, signal)
    if (!isCompatible) {
      const why = `${table} lacks what ${name} makes, so that it was not adopted. Look at the comparison again.`
      throw new Refusal('STEP_REFUSED', why, { name })
    }
    await adoptStep(project, name, signal)
    return {}
  }),

  history: api.migrations.history.handler(async ({ context: { core, signal }, input }) =>
    readHistory(await openProject(core, input.profileId, signal), signal),
  ),
}

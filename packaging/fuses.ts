// Sets the fuses of a packed Electron and reads them back.
import { flipFuses, FuseState, FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses'
import { FUSES, type FuseName } from './settings.ts'

const names = Object.keys(FUSES) as FuseName[]

/** `program` is the executable, or the .app folder on macOS. Throws when it has a fuse that settings.ts does not name. */
export async function setFuses(program: string): Promise<void> {
  await flipFuses(program, {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    [FuseV1Options.RunAsNode]: FUSES.RunAsNode,
    [FuseV1Options.EnableCookieEncryption]: FUSES.EnableCookieEncryption,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: FUSES.EnableNodeOptionsEnvironmentVariable,
    [FuseV1Options.EnableNodeCliInspectArguments]: FUSES.EnableNodeCliInspectArguments,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: FUSES.EnableEmbeddedAsarIntegrityValidation,
    [FuseV1Options.OnlyLoadAppFromAsar]: FUSES.OnlyLoadAppFromAsar,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: FUSES.LoadBrowserProcessSpecificV8Snapshot,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: FUSES.GrantFileProtocolExtraPrivileges,
    [FuseV1Options.WasmTrapHandlers]: FUSES.WasmTrapHandlers,
  })
}

/** What is wrong with the fuses, a sentence each; empty when all are as settings.ts says. */
export async function wrongFuses(program: string): Promise<string[]> {
  const wire = new Map(Object.entries(await getCurrentFuseWire(program)))
  return names.flatMap((name) => {
    const wanted = FUSES[name] ? FuseState.ENABLE : FuseState.DISABLE
    const state = wire.get(String(FuseV1Options[name]))
    return state === wanted ? [] : [`The fuse ${name} is ${wordFor(state)}, and must be ${wordFor(wanted)}.`]
  })
}

function wordFor(state: unknown): string {
  if (state === FuseState.ENABLE) return 'on'
  if (state === FuseState.DISABLE) return 'off'
  return state === undefined ? 'missing' : `in the unknown state ${JSON.stringify(state)}`
}

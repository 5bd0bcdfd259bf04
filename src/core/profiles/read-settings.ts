// Reads settings of the standard and says what was understood.
import type { SettingsPreview, SettingsSource } from '../../shared/profiles.ts'
import type { Core } from '../core.ts'
import { Refusal } from '../refusal.ts'

export function readSettings(_core: Core, source: SettingsSource): Promise<SettingsPreview> {
  throw new Refusal('NOT_SETTINGS', `Settings cannot be read from the ${source.kind} yet.`)
}

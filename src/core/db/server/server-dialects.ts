// The engines that run on servers, by the name that a profile has for them.
import type { ServerProfile } from '../../../shared/profiles.ts'
import { mysql } from '../mysql/mysql.ts'
import { postgres } from '../postgres/postgres.ts'
import type { ServerDialect } from './server-dialect.ts'

export const serverDialects: Readonly<Record<ServerProfile['dialect'], ServerDialect>> = { postgres, mysql }

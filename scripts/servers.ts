// Starts PostgreSQL and MariaDB for a person who wants to try Roster on them: `npm run servers`; with `-- --galera` a cluster
// of three MariaDB nodes in their place. Ctrl+C ends them.
import { endWithStarter } from './project.ts'
import { startGalera } from './servers/galera.ts'
import { GIVEN } from './servers/given.ts'
import { startMariadb } from './servers/mariadb.ts'
import { startPostgres } from './servers/postgres.ts'
import type { TestServer } from './servers/server.ts'

const DATABASE = 'users'

interface Offer {
  name: string
  start: () => Promise<TestServer>
}

const OFFERS: readonly Offer[] = [
  { name: 'PostgreSQL', start: startPostgres },
  { name: 'MariaDB', start: startMariadb },
]

/** What a person types into a profile, and what a program reads from its environment. */
function describeFor({ name }: Offer, server: TestServer): string {
  const env = { ...server.env, DB_NAME: DATABASE, DATABASE_URL: server.url.replace(/[^/]*$/, DATABASE) }
  return [
    `${name} ${server.version}`,
    `  host ${server.host}   port ${server.port}   database ${DATABASE}`,
    `  user ${server.user}   password ${server.password}`,
    '',
    ...Object.entries(env).map(([key, value]) => `  ${key}=${value}`),
    '',
  ].join('\n')
}

/** Null, and a line that says why, when this server cannot be had. */
async function start(offer: Offer): Promise<TestServer | null> {
  try {
    const server = await offer.start()
    await server.admin(`CREATE DATABASE ${DATABASE}`)
    console.log(describeFor(offer, server))
    return server
  } catch (error) {
    console.error(`${offer.name} was not started. ${error instanceof Error ? error.message : String(error)}\n`)
    return null
  }
}

endWithStarter()
// These are for tests; here the person wants servers of their own.
for (const name of Object.values(GIVEN)) Reflect.deleteProperty(process.env, name)
const started: TestServer[] = []
let isEnding = false

/** Nodes of a cluster hold the same; a profile names one as its host and the others as further nodes. */
async function startCluster(): Promise<void> {
  try {
    const { nodes } = await startGalera()
    started.push(...nodes)
    const [first, ...others] = nodes
    await first.admin(`CREATE DATABASE ${DATABASE}`)
    console.log(describeFor({ name: 'MariaDB Galera, node1', start: startMariadb }, first))
    for (const { name, host, port } of others) console.log(`  further node ${name}: host ${host}   port ${port}`)
    const at = nodes.map(({ name, pid }) => `${name} has process ${pid}`).join(', ')
    console.log(`\n${at}: kill -STOP, -CONT or -KILL one to see what happens.\n`)
  } catch (error) {
    console.error(`The cluster was not started. ${error instanceof Error ? error.message : String(error)}\n`)
  }
}

async function end(): Promise<void> {
  if (isEnding) return
  isEnding = true
  await Promise.all(started.map((server) => server.end()))
  console.log('\nThe servers have ended, and their data is removed.')
  process.exit(0)
}
process.on('SIGINT', () => void end())
process.on('SIGTERM', () => void end())

const isCluster = process.argv.includes('--galera')
if (isCluster) await startCluster()
for (const offer of isCluster ? [] : OFFERS) {
  const server = await start(offer)
  if (server) started.push(server)
}
if (started.length === 0) process.exit(1)
console.log(`The database ${DATABASE} is empty. Ctrl+C ends the servers and removes their data.`)
// The servers themselves keep nothing running here.
setInterval(() => undefined, 60_000)

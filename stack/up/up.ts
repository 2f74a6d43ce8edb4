import { appendFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from '#kit/config'
import { createMinter } from '#kit/identity-token'
import { PortTakenError } from '#kit/listen'
import { connect } from '#kit/postgres'
import { untilSignal } from '#kit/serve'
import { buildWeb } from '../../web/build.ts'
import { type StackConfig, stackConfigFrom } from '../config.ts'
import { demoAdmin, demoPassword } from '../demo/people.ts'
import { demoAccounts, seedDemo } from '../demo/seed.ts'
import { environmentsOf } from '../environment.ts'
import { type Postgres, startPostgres } from '../postgres.ts'
import { ensureDatabase, prepareDatabase } from '../prepare-database.ts'
import { type Secrets, secretsIn } from '../secrets.ts'
import { type System, startSystem } from '../system.ts'
import { announce, step } from './progress.ts'
import { superviseReloads } from './watch.ts'

type Env = Record<string, string | undefined>
type Started = { stop(): Promise<void> }[]

/** Runs until a signal. Development (`--watch`) runs the same in a child that starts anew on every change. */
export async function up(args: readonly string[], env: Env): Promise<void> {
  const watch = args.includes('--watch')
  if (watch && !args.includes('--child')) return superviseReloads()
  const started: Started = []
  const stop = async () => {
    for (const part of started.splice(0).reverse()) await part.stop()
  }
  // A Ctrl-C while things are still starting stops what has started by then.
  void untilSignal(stop)
  try {
    await start(stackConfigFrom(env), watch, started)
  } catch (error) {
    console.error(`\n${explain(error)}`)
    await stop()
    process.exit(1)
  }
}

/** One sentence for what a person can mend; everything else with its stack. */
const explain = (error: unknown) =>
  error instanceof PortTakenError || error instanceof ConfigError
    ? error.message
    : error instanceof Error && error.message.startsWith('Port ')
      ? error.message
      : error

async function start(config: StackConfig, watch: boolean, started: Started) {
  await mkdir(config.dataDir, { recursive: true })
  const secrets = await secretsIn(config.dataDir)
  const logFile = join(config.dataDir, 'plexus.log')
  await writeFile(logFile, '')
  const postgres = await step('PostgreSQL 18', () => startDatabase(config))
  started.push(postgres)
  const databaseUrl = await step('Migrations', () => migrated(postgres, secrets))
  const webFolder = join(config.dataDir, 'web')
  await step('Web client', () => buildWeb({ outdir: webFolder, watch }))
  const environments = environmentsOf({
    secrets,
    databaseUrl,
    ports: {
      gateway: config.gatewayPort,
      provider: config.providerPort,
      metrics: config.metricsPort,
    },
    webFolder,
    admin: { email: demoAdmin.email, password: demoPassword },
    watch,
    logLevel: config.logLevel,
  })
  const write = (line: string) => appendFileSync(logFile, line)
  const now = () => new Date()
  const system = await step('Provider, subgraphs and gateway', () =>
    startSystem({ environments, now, write }),
  )
  started.push(system)
  await step('Demo data', () => seed(system, secrets))
  announce({
    origin: system.origin,
    issuer: `http://localhost:${config.providerPort}`,
    accounts: demoAccounts,
    password: demoPassword,
    logFile,
    watch,
  })
}

const startDatabase = ({ dataDir, postgresPort }: StackConfig) =>
  startPostgres({
    dataDir: join(dataDir, 'postgres'),
    port: postgresPort,
    portSetting: 'POSTGRES_PORT',
  })

/** The database with everything migrated; the result names each service's URL. */
async function migrated({ adminUrl }: Postgres, { databasePasswords }: Secrets) {
  const url = await ensureDatabase(adminUrl, 'plexus')
  const sql = connect({ url, service: 'plexus-up', max: 1 })
  const passwordOf = (service: string) => databasePasswords[service] ?? ''
  try {
    await prepareDatabase(sql, passwordOf)
  } finally {
    await sql.end()
  }
  return (service: string) => {
    const own = new URL(url)
    own.username = `svc_${service}`
    own.password = passwordOf(service)
    return own.href
  }
}

const seed = ({ rooms }: System, { identityJwk }: Secrets) =>
  seedDemo({ rooms, minter: createMinter({ privateJwk: identityJwk, now: () => new Date() }) })

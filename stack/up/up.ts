import { appendFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createMinter } from '#kit/identity-token'
import { untilSignal } from '#kit/serve'
import { startTracing } from '#kit/tracing'
import { buildWeb } from '../../web/build.ts'
import { type StackConfig, stackConfigFrom } from '../config.ts'
import { demoPartner, partnerStory, writeCredentials } from '../demo/partner.ts'
import { demoPassword } from '../demo/people.ts'
import { demoAccounts, seedDemo } from '../demo/seed.ts'
import { type Secrets, secretsIn } from '../secrets.ts'
import { type System, startSystem } from '../system.ts'
import { claimData, whilePreparing } from './claim.ts'
import { isInside, migrated, startDatabase } from './database.ts'
import { mailFolderIn, stackEnvironments, webFolderIn } from './environments.ts'
import { explain } from './explain.ts'
import { startIdentity } from './identity.ts'
import { startPayments } from './payments.ts'
import { announce, step } from './progress.ts'
import { superviseReloads } from './watch.ts'

type Env = Record<string, string | undefined>
type Started = { stop(): Promise<void> }[]

/** Runs until a signal. Development (`--watch`) runs the same in a child that starts anew on every change. */
export async function up(args: readonly string[], env: Env): Promise<void> {
  const watch = args.includes('--watch')
  if (watch && !args.includes('--child')) return superviseReloads()
  const started: Started = []
  let isStopping = false
  const stop = async () => {
    isStopping = true
    for (const part of started.splice(0).reverse()) await part.stop()
  }
  // A Ctrl-C while things are still starting stops what has started by then.
  void untilSignal(stop)
  try {
    await start(stackConfigFrom(env), watch, started)
  } catch (error) {
    // What fails because everything is being stopped is no fault; the signal's own stop ends the process.
    if (isStopping) return
    console.error(`\n${explain(error)}`)
    await stop()
    process.exit(1)
  }
}

async function start(config: StackConfig, watch: boolean, started: Started) {
  const { traceEndpoint } = config
  started.push(
    startTracing({ service: 'plexus', ...(traceEndpoint && { endpoint: traceEndpoint }) }),
  )
  await mkdir(config.dataDir, { recursive: true })
  // In development the process that a person stops is the one that starts this one anew.
  started.push(await claimData(config.dataDir, watch ? process.ppid : process.pid))
  const logFile = join(config.dataDir, 'plexus.log')
  await writeFile(logFile, '')
  const { secrets, databaseUrl, adminUrl, elsewhere } = await whilePreparing(config.dataDir, () =>
    prepare(config, started),
  )
  const identity = await startIdentity(config, secrets, adminUrl)
  started.push(identity)
  let system: System | null = null
  // The gateway serves the client from memory: it reads a new build when it is told of one.
  const onRebuilt = () => void system?.gateway.reload()
  const web = await step('Web client', () =>
    buildWeb({ outdir: webFolderIn(config), watch, onRebuilt }),
  )
  started.push({ stop: async () => web.stop() })
  const payments = startPayments(config, secrets)
  if (payments) started.push(payments)
  const environments = stackEnvironments({ config, secrets, databaseUrl, watch })
  const write = (line: string) => appendFileSync(logFile, line)
  const now = () => new Date()
  const running = await step('Provider, subgraphs and gateway', () =>
    startSystem({ environments, now, write }),
  )
  system = running
  started.push(running)
  const credentialsFile = await step('Demo data', () => seed(running, secrets, config))
  const { origin } = running
  const { issuer, tokenUrl } = identity
  announce({
    ...{ origin, issuer, console: identity.console },
    accounts: demoAccounts,
    password: demoPassword,
    partner: await partnerStory({ credentialsFile, tokenUrl, origin }),
    payments: payments?.origin ?? null,
    mail: config.smtpUrl ? null : mailFolderIn(config),
    logFile,
    elsewhere,
    watch,
  })
}

async function prepare(config: StackConfig, started: Started) {
  const secrets = await secretsIn(config.dataDir)
  const postgres = await step('PostgreSQL 18', () => startDatabase(config))
  started.push(postgres)
  const databaseUrl = await step('Migrations', () => migrated(postgres.adminUrl, secrets))
  const elsewhere = isInside(config, postgres) ? null : postgres.dataDir
  const adminUrl = Object.assign(new URL(postgres.adminUrl), { pathname: '/plexus' }).href
  return { secrets, databaseUrl, adminUrl, elsewhere }
}

/** The file with the id and the secret of the demo's partner. */
async function seed({ rooms }: System, secrets: Secrets, { dataDir, identity }: StackConfig) {
  const minter = createMinter({ privateJwk: secrets.identityJwk, now: () => new Date() })
  await seedDemo({ rooms, minter })
  if (identity === 'embedded') return demoPartner({ rooms, minter }, dataDir)
  return writeCredentials(dataDir, { id: 'plexus-partner', secret: secrets.keycloakPartnerSecret })
}

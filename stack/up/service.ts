import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { databaseServices } from '#schema/subgraphs'
import { buildWeb } from '../../web/build.ts'
import { type StackConfig, stackConfigFrom } from '../config.ts'
import type { ServiceName } from '../environment.ts'
import { secretsIn } from '../secrets.ts'
import { whilePreparing } from './claim.ts'
import { migrated, startDatabase } from './database.ts'
import { stackEnvironments, webFolderIn } from './environments.ts'
import { explain } from './explain.ts'

type Env = Record<string, string | undefined>

const root = join(import.meta.dir, '..', '..')
const isService = (name: string): name is ServiceName =>
  databaseServices.some((service) => service === name)

const mainOf = (name: ServiceName) =>
  join(root, name === 'gateway' ? 'gateway/main.ts' : `subgraphs/${name}/main.ts`)

/**
 * Runs one service in a child until it ends. PostgreSQL starts when it is not running, and stays:
 * `up` and other services may be using it.
 */
export async function runService(name: string, env: Env): Promise<never> {
  if (!isService(name)) {
    console.error(`There is no service "${name}". Name one of: ${databaseServices.join(', ')}.`)
    process.exit(2)
  }
  try {
    process.exit(await runChild(name, env))
  } catch (error) {
    console.error(explain(error))
    process.exit(1)
  }
}

/** Resolves to the child's exit code. */
async function runChild(name: ServiceName, env: Env): Promise<number> {
  const config = stackConfigFrom(env)
  await mkdir(config.dataDir, { recursive: true })
  const prepared = await whilePreparing(config.dataDir, () => prepare(config))
  if (name === 'gateway') await buildWeb({ outdir: webFolderIn(config) })
  const environments = stackEnvironments({ config, ...prepared, watch: false })
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'child.ts'), mainOf(name)], {
    cwd: root,
    env: { ...environments[name], ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  // The child drains by itself; a Ctrl-C reaches it from the terminal as well.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return await child.exited
}

async function prepare(config: StackConfig) {
  const secrets = await secretsIn(config.dataDir)
  const { adminUrl } = await startDatabase(config, { isShared: true })
  return { secrets, databaseUrl: await migrated(adminUrl, secrets) }
}

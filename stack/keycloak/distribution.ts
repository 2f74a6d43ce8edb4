import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withFileLock } from '../file-lock.ts'
import { freePort } from '../ports.ts'
import { program } from '../program.ts'
import { StartError } from '../start-error.ts'
import { cacheConfigFrom } from './config.ts'
import { databaseFolder, launch } from './server.ts'

const version = '26.4.0'
const sha256 = '1b6a11a2726ac8a8dc9c91d5fafe989a75ce4f1622d7f7b45c21d5bc16629c0a'
const artifact = `org.keycloak:keycloak-quarkus-dist:${version}:zip`

/** Fixed when it is built: with what a start need not look at, it takes a third of the time. */
const buildFlags = [
  '--db=dev-file',
  '--health-enabled=false',
  '--metrics-enabled=false',
  '--features-disabled=admin-fine-grained-authz,ciba,device-flow,kerberos,impersonation,user-event-metrics',
]

/** Keycloak as it can be started: unpacked, built, and with a database that knows its tables. */
export type Distribution = {
  readonly folder: string
  /** Holds the database before its first realm; copied for each server. */
  readonly prepared: string
  /** Of the administrator `admin`, and of the client `plexus-stack` of the realm `master`. */
  readonly adminSecret: string
}

const javaAtLeast = 17

/** Null without Java. */
function javaVersion(): number | null {
  const java = Bun.which('java')
  if (!java) return null
  const said = Bun.spawnSync([java, '-version'], { stderr: 'pipe' }).stderr.toString()
  const major = Number(/version "(\d+)/.exec(said)?.[1] ?? Number.NaN)
  // Where Apple's placeholder is all there is, it says so and names no version.
  return Number.isNaN(major) ? null : major
}

/** What this machine lacks to run Keycloak, as one sentence; null when it can. */
export function keycloakLacks(folder = distributionFolder()): string | null {
  const java = javaVersion()
  if (java === null) return `Keycloak needs Java ${javaAtLeast} or later, and there is none.`
  if (java < javaAtLeast) return `Keycloak needs Java ${javaAtLeast} or later, not ${java}.`
  if (existsSync(join(folder, 'ready'))) return null
  const missing = ['mvn', 'unzip'].filter((name) => !Bun.which(name))
  if (missing.length === 0) return null
  return `Keycloak is fetched with Maven and unzip; install ${missing.join(' and ')}.`
}

/** Another way of building it is another folder. */
function distributionFolder(): string {
  const way = createHash('sha256').update(buildFlags.join(' ')).digest('hex').slice(0, 8)
  return join(cacheConfigFrom(process.env).folder, `keycloak-${version}-${way}`)
}

/**
 * Fetches, checks, unpacks and builds Keycloak once for this person; afterwards nothing is asked of
 * the network. Throws StartError with one sentence.
 */
export async function keycloakDistribution(): Promise<Distribution> {
  const folder = distributionFolder()
  const lack = keycloakLacks(folder)
  if (lack) throw new StartError(lack)
  await mkdir(join(folder, '..'), { recursive: true })
  await withFileLock(`${folder}.lock`, async () => {
    if (existsSync(join(folder, 'ready'))) return
    await rm(folder, { recursive: true, force: true })
    await make(folder)
    await writeFile(join(folder, 'ready'), '')
  })
  const adminSecret = (await readFile(join(folder, 'prepared/secret'), 'utf8')).trim()
  return { folder, prepared: join(folder, 'prepared'), adminSecret }
}

async function make(folder: string) {
  const aside = `${folder}.new`
  await rm(aside, { recursive: true, force: true })
  await program(['unzip', '-q', await fetchArchive(aside), '-d', aside])
  await rename(join(aside, `keycloak-${version}`), folder)
  await rm(aside, { recursive: true })
  await program([join(folder, 'bin/kc.sh'), 'build', ...buildFlags])
  await prepare(folder)
}

/** By way of Maven, which may have it already; only if it is the very file that was tried out. */
async function fetchArchive(folder: string): Promise<string> {
  await program([
    ...['mvn', '-q', '-B', 'dependency:copy'],
    ...[`-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`],
  ])
  const archive = join(folder, `keycloak-quarkus-dist-${version}.zip`)
  if ((await digestOf(archive)) === sha256) return archive
  throw new StartError(
    `The Keycloak ${version} that Maven fetched is not the one that Plexus knows: its SHA-256 differs.`,
  )
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}

/** Creating its tables takes Keycloak longer than everything else: done once, then copied. */
async function prepare(folder: string) {
  const home = join(folder, 'preparing')
  const secret = randomBytes(24).toString('base64url')
  const keycloak = await launch({ folder, home, port: await freePort(), firstSecret: secret })
  await keycloak.stop()
  const prepared = join(folder, 'prepared')
  await cp(join(home, databaseFolder), prepared, { recursive: true })
  await writeFile(join(prepared, 'secret'), `${secret}\n`, { mode: 0o600 })
  await rm(home, { recursive: true })
}

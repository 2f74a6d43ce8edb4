import { existsSync } from 'node:fs'
import { mkdir, open, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { isFree } from '../ports.ts'
import { commandOf } from '../postgres.ts'
import { StartError } from '../start-error.ts'

export type Keycloak = {
  /** `http://localhost:<port>`; realms are below it. */
  readonly origin: string
  readonly pid: number
  /** Its exit code, when it has ended for whatever reason. */
  readonly exited: Promise<number>
  /** It may go on when this process has ended. */
  unref(): void
  stop(): Promise<void>
}

export type LaunchOptions = {
  /** Where Keycloak is unpacked and built. */
  readonly folder: string
  /** Of this one server: its data, and links to what all of them share. */
  readonly home: string
  readonly port: number
  /** Named in the sentence about a taken port. */
  readonly portSetting?: string
  /** A realm file to import while there is no realm of its name, and what its placeholders say. */
  readonly realm?: { readonly file: string; readonly values: Record<string, string> }
  /** Of the administrator and its client, while there is no realm at all. */
  readonly firstSecret?: string
}

/** The client in the realm `master` that administers realms for us. */
export const adminClientId = 'plexus-stack'

/** Within its home. */
export const databaseFolder = 'data/h2'

const shared = ['lib', 'conf', 'providers', 'themes', 'version.txt']

/** Ready to be served from: a data folder of its own, everything else as links. */
async function furnish({ folder, home, realm }: LaunchOptions) {
  await mkdir(join(home, databaseFolder), { recursive: true })
  for (const name of shared) {
    await rm(join(home, name), { force: true })
    await symlink(join(folder, name), join(home, name))
  }
  await rm(join(home, 'data/import'), { recursive: true, force: true })
  if (!realm) return
  await mkdir(join(home, 'data/import'))
  await symlink(realm.file, join(home, 'data/import/realm.json'))
}

/**
 * Half of the work of a start is compiling: the quick compiler alone takes half of the time. What
 * is not checked again was checked by its SHA-256.
 */
const virtualMachine = [
  '-XX:+UnlockDiagnosticVMOptions',
  '-XX:TieredStopAtLevel=1',
  '-XX:-BytecodeVerificationRemote',
  '-XX:+UseSerialGC',
  ...['-Xms64m', '-Xmx400m', '-XX:MaxMetaspaceSize=256m'],
]

// What bin/kc.sh gives to Java. Started without it there is one process, which can be stopped.
const surroundings = (home: string) => [
  ...['-Dfile.encoding=UTF-8', '-Duser.language=en', '-Duser.country=US'],
  ...['util', 'util.concurrent', 'security'].map(
    (name) => `--add-opens=java.base/java.${name}=ALL-UNNAMED`,
  ),
  `-Dkc.home.dir=${home}`,
  `-Djboss.server.config.dir=${join(home, 'conf')}`,
  '-Djava.util.logging.manager=org.jboss.logmanager.LogManager',
  '-Dpicocli.disable.closures=true',
  '-Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory',
]

const serverFlags = ({ port, realm }: LaunchOptions) => [
  ...['start', '--optimized', '--cache=local'],
  ...['--http-enabled=true', '--http-host=127.0.0.1', `--http-port=${port}`],
  `--hostname=http://localhost:${port}`,
  ...(realm ? ['--import-realm'] : []),
]

const firstAdministrator = (secret: string) => ({
  KC_BOOTSTRAP_ADMIN_USERNAME: 'admin',
  KC_BOOTSTRAP_ADMIN_PASSWORD: secret,
  KC_BOOTSTRAP_ADMIN_CLIENT_ID: adminClientId,
  KC_BOOTSTRAP_ADMIN_CLIENT_SECRET: secret,
})

const patienceMs = 120_000

/** Resolves when it answers. Throws StartError when the port is taken or it ends before. */
export async function launch(options: LaunchOptions): Promise<Keycloak> {
  const { home, port, portSetting = 'PROVIDER_PORT' } = options
  await endPrevious(home)
  // Keycloak would find out at the end of its start.
  if (!(await isFree(port))) {
    throw new StartError(`Port ${port} is taken; set ${portSetting} to another one.`)
  }
  await furnish(options)
  const logFile = join(home, 'keycloak.log')
  const child = await spawnJava(options, logFile)
  const stop = async () => {
    child.kill('SIGTERM')
    await child.exited
  }
  const deadline = Date.now() + patienceMs
  while (!(await answers(port))) {
    if (child.exitCode === null && Date.now() < deadline) {
      await Bun.sleep(50)
      continue
    }
    await stop()
    throw new StartError(`Keycloak did not start; ${logFile} says:\n${await tailOf(logFile)}`)
  }
  const { pid, exited } = child
  return { origin: `http://localhost:${port}`, pid, exited, unref: () => child.unref(), stop }
}

const pidFileIn = (home: string) => join(home, 'keycloak.pid')

/** How long one that was told to stop may take, on a machine that is busy with more. */
const endMs = 30_000

/** One that outlived its starter holds the data. */
async function endPrevious(home: string) {
  const file = pidFileIn(home)
  const pid = existsSync(file) ? Number(await Bun.file(file).text()) : 0
  const lives = async () => pid > 0 && (await commandOf(pid)).includes(`kc.home.dir=${home}`)
  if (!(await lives())) return
  process.kill(pid, 'SIGTERM')
  const deadline = Date.now() + endMs
  while (await lives()) {
    if (Date.now() > deadline) throw new StartError(`Keycloak (process ${pid}) does not stop.`)
    await Bun.sleep(50)
  }
}

async function spawnJava(options: LaunchOptions, logFile: string) {
  const { home, realm, firstSecret } = options
  const log = await open(logFile, 'w')
  const classes = ['-cp', join(home, 'lib/quarkus-run.jar')]
  const main = 'io.quarkus.bootstrap.runner.QuarkusEntryPoint'
  const flags = [...virtualMachine, ...surroundings(home), ...classes, main]
  const child = Bun.spawn(['java', ...flags, ...serverFlags(options)], {
    cwd: home,
    env: {
      ...withoutKeycloaksOwn(process.env),
      ...realm?.values,
      ...(firstSecret && firstAdministrator(firstSecret)),
    },
    stdio: ['ignore', log.fd, log.fd],
    // A Ctrl-C reaches it only through `stop`, when those have ended who use it.
    detached: true,
  })
  await log.close()
  await Bun.write(pidFileIn(home), String(child.pid))
  return child
}

/** What a person has set for another Keycloak is not for this one. */
const withoutKeycloaksOwn = (env: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('KC_')))

const answers = async (port: number) =>
  (await fetch(`http://127.0.0.1:${port}/realms/master`).catch(() => null))?.ok ?? false

async function tailOf(file: string): Promise<string> {
  if (!existsSync(file)) return ''
  return (await Bun.file(file).text()).split('\n').slice(-12).join('\n')
}

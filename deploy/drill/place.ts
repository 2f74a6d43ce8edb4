import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { chmod, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const scripts = resolve(import.meta.dir, '../postgres')

type User = { readonly uid: number; readonly gid: number }

export type Outcome = {
  readonly code: number
  readonly out: string
  readonly err: string
  readonly ms: number
}

export type Program = ReturnType<typeof Bun.spawn>

/**
 * A folder of its own for one drill, in which everything runs as the user that may run PostgreSQL,
 * with the scripts of the image copied into it.
 */
export type Place = {
  readonly folder: string
  path(...names: string[]): string
  /** Makes a folder that the user owns. */
  make(name: string): string
  /** Writes a file that the user owns. */
  write(path: string, text: string): void
  run(command: readonly string[], env?: Readonly<Record<string, string>>): Promise<Outcome>
  /** Starts in a process group of its own and does not wait; the caller ends it. */
  start(command: readonly string[], env?: Readonly<Record<string, string>>): Program
  remove(): Promise<void>
}

/** PostgreSQL refuses to run as root: then Debian's `postgres` runs it, or `nobody`. */
function serverUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8').split('\n')
  const lines = ['postgres', 'nobody'].map((name) =>
    users.find((line) => line.startsWith(`${name}:`)),
  )
  const [, , uid, gid] = lines.find(Boolean)?.split(':') ?? []
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined
}

export async function openPlace(path: readonly string[]): Promise<Place> {
  const user = serverUser()
  const own = (target: string) => user && chownSync(target, user.uid, user.gid)
  const folder = await mkdtemp(join(tmpdir(), 'plexus-drill-'))
  await chmod(folder, 0o755)
  own(folder)
  await cp(join(scripts, 'bin'), join(folder, 'bin'), { recursive: true })
  await cp(join(scripts, 'pgbackrest.conf'), join(folder, 'pgbackrest.conf'))
  const environment = {
    PATH: [join(folder, 'bin'), ...path, '/usr/local/bin:/usr/bin:/bin'].join(':'),
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    HOME: folder,
    TMPDIR: folder,
  }
  const start: Place['start'] = (command, env = {}) =>
    Bun.spawn([...command], {
      cwd: folder,
      env: { ...environment, ...env },
      stdio: ['ignore', 'ignore', 'ignore'],
      detached: true,
      ...user,
    })
  return {
    folder,
    path: (...names) => join(folder, ...names),
    make: (name) => {
      const made = join(folder, name)
      mkdirSync(made, { recursive: true, mode: 0o700 })
      own(made)
      return made
    },
    write: (path, text) => {
      writeFileSync(path, text)
      own(path)
    },
    start,
    run: async (command, env) => {
      const began = performance.now()
      const child = Bun.spawn([...command], {
        cwd: folder,
        env: { ...environment, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        ...user,
      })
      const [out, err, code] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
        child.exited,
      ])
      return { code, out: out.trim(), err: err.trim(), ms: performance.now() - began }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

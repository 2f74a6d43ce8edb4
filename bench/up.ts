import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../stack/ports.ts'
import { saidUntil } from './child.ts'

const root = join(import.meta.dir, '..')

/** A data folder and ports of its own for `bun run up`, as on a machine that never ran it. */
export async function freshPlace() {
  const folder = await mkdtemp(join(tmpdir(), 'plexus-bench-'))
  // The server's user may go there when root measures.
  await chmod(folder, 0o755)
  const dataDir = join(folder, 'data')
  const names = [
    ...['GATEWAY_PORT', 'PROVIDER_PORT', 'POSTGRES_PORT', 'METRICS_PORT'],
    'STRIPE_SANDBOX_PORT',
  ]
  const ports = await Promise.all(names.map(async (name) => [name, String(await freePort())]))
  const env: Record<string, string> = { ...Object.fromEntries(ports), PLEXUS_DATA: dataDir }
  return { dataDir, env, remove: () => rm(folder, { recursive: true, force: true }) }
}

export type Place = Awaited<ReturnType<typeof freshPlace>>

/** Starts `up` and resolves when it says that everything is up. Throws when it ends before. */
export async function startUp({ env }: Place) {
  const startedAt = performance.now()
  const child = Bun.spawn([process.execPath, 'stack/up.ts'], {
    cwd: root,
    env: { ...process.env, ...env },
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const said = await saidUntil(child.stdout, 'Ctrl-C stops everything.')
  if (child.exitCode !== null) throw new Error(`up ended: ${said}`)
  return {
    pid: child.pid,
    origin: `http://localhost:${env.GATEWAY_PORT}`,
    seconds: (performance.now() - startedAt) / 1_000,
    stop: async () => {
      child.kill('SIGINT')
      await child.exited
    },
  }
}

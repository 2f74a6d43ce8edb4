import { join } from 'node:path'

/** The peers have a lockfile of their own, so that nothing but this measurement installs them. */
export function ensurePeers(): void {
  const { exitCode, stderr } = Bun.spawnSync(
    [process.execPath, 'install', '--frozen-lockfile', '--ignore-scripts'],
    { cwd: join(import.meta.dir, 'peers') },
  )
  if (exitCode !== 0) throw new Error(`The peers could not be installed: ${stderr}`)
}

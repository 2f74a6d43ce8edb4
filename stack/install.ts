/** Imports only `node:` modules: it runs in a clone that has nothing installed yet. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const stamp = join(root, 'node_modules', '.plexus-lock')

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'bun.lock')))
    .digest('hex')

/** True when `node_modules` is what the lockfile says. */
const isInstalled = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash()

/**
 * Installs from the frozen lockfile when something is missing, then begins again: this process has
 * already looked for packages and remembers that there were none. Ends the process when the
 * installation fails.
 */
export function ensureInstalled(): void {
  if (isInstalled()) return
  console.log('Installing packages from the lockfile …')
  const { status } = spawnSync(process.execPath, ['install', '--frozen-lockfile'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, BUN_BE_BUN: '1' },
  })
  if (status !== 0) {
    console.error('The packages could not be installed; the lines above say why.')
    process.exit(1)
  }
  writeFileSync(stamp, lockHash())
  process.execve?.(process.execPath, [process.execPath, ...process.argv.slice(1)], process.env)
  // Only Windows cannot replace a process.
  console.error('The packages are installed. Run the same command again.')
  process.exit(1)
}

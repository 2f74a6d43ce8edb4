/**
 * `bun deploy/api.ts -- COMMAND…` runs COMMAND beside a real API server on loopback, with every
 * definition that can be had; `PLEXUS_API` says where, `KUBECONFIG` says it to kubectl.
 */
import { join } from 'node:path'
import { ensureInstalled } from '../stack/install.ts'

ensureInstalled()
const { whileServing } = await import('./api/server.ts')
const command = process.argv.slice(2).filter((arg, place) => place > 0 || arg !== '--')
try {
  const code = await whileServing(async (folder) => {
    const child = Bun.spawn(command, {
      env: { ...process.env, PLEXUS_API: folder, KUBECONFIG: join(folder, 'kubeconfig') },
      stdio: ['inherit', 'inherit', 'inherit'],
    })
    return child.exited
  })
  process.exit(code)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(2)
}

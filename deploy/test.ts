/**
 * `bun run deploy:test` runs the tests of the deployment that need no cluster, `--api` those on a real
 * API server, `--cluster` those on a real node; what was found out is written to `deploy/reports/`.
 */
import { ensureInstalled } from '../stack/install.ts'

ensureInstalled()
const { runTier } = await import('./runner/main.ts')
try {
  const passed = await runTier({ args: process.argv.slice(2), env: process.env, now: Date.now })
  process.exit(passed ? 0 : 1)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(2)
}

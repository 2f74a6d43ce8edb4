/**
 * `bun run check` is the gate: the same steps on a laptop and in continuous integration. `bun run
 * check types imports` runs the steps named. Nothing but `node:` and Bun is imported before the
 * packages are there.
 */
import { join } from 'node:path'
import { ensureInstalled } from './install.ts'

ensureInstalled()

const [{ configFrom }, { stepsOf }, { chosenSteps, runSteps }] = await Promise.all([
  import('./check/config.ts'),
  import('./check/steps.ts'),
  import('./check/run.ts'),
])

try {
  const steps = await stepsOf(join(import.meta.dir, '..'), configFrom(process.env))
  const { failed } = await runSteps(chosenSteps(steps, process.argv.slice(2)), console.log)
  process.exit(failed === 0 ? 0 : 1)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(2)
}

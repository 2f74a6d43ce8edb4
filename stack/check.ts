/**
 * `bun run check` is the gate: the same steps on a laptop and in continuous integration. `bun run
 * check types imports` runs the steps named. Nothing but `node:` and Bun is imported before the
 * packages are there.
 */
import { join } from 'node:path'
import { ensureInstalled } from './install.ts'

ensureInstalled()

const [{ configFrom }, { stepsOf }, { chosenSteps, runSteps }, { whileServing }] =
  await Promise.all([
    import('./check/config.ts'),
    import('./check/steps.ts'),
    import('./check/run.ts'),
    import('./check/servers.ts'),
  ])

try {
  const config = configFrom(process.env)
  const all = await stepsOf(join(import.meta.dir, '..'), config)
  const steps = chosenSteps(all, process.argv.slice(2))
  const { failed } = await whileServing(steps, config, () => runSteps(steps, console.log))
  process.exit(failed === 0 ? 0 : 1)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(2)
}

/** `bun deploy/tools.ts [names…]` builds what the tests of the deployment run, once for each version, and prints where it is. */
import { ensureInstalled } from '../stack/install.ts'

ensureInstalled()
const [{ ensureTool }, { tools }] = await Promise.all([
  import('./tools/build.ts'),
  import('./tools/table.ts'),
])
const named = process.argv.slice(2)
try {
  for (const name of named.length > 0 ? named : tools.map((tool) => tool.name)) {
    console.log(await ensureTool(name))
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}

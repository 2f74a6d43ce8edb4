/**
 * `bun deploy/tools.ts [names…]` builds what the tests of the deployment run, once for each version,
 * and prints where it is. `schemas` are of every kind that a manifest may have; `check` is all that
 * `bun run check` runs.
 */
import { ensureInstalled } from '../stack/install.ts'

ensureInstalled()
const [{ ensureTool }, { ensureCatalogue }, { ofTheCheck, tools }] = await Promise.all([
  import('./tools/build.ts'),
  import('./tools/catalogue.ts'),
  import('./tools/table.ts'),
])
const everything = [...tools.map(({ name }) => name), 'schemas']
const named = process.argv.slice(2).flatMap((name) => (name === 'check' ? ofTheCheck : name))
try {
  for (const name of named.length > 0 ? named : everything) {
    console.log(name === 'schemas' ? (await ensureCatalogue()).folder : await ensureTool(name))
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}

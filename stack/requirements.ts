/** `bun run requirements`: which requirements a test proves, and which are open. */
import { join } from 'node:path'
import { ensureInstalled } from './install.ts'

ensureInstalled()

const [{ testSources }, { readRows }, { claimsIn }, { lastResults }, { reportOf }] =
  await Promise.all([
    import('./requirements/sources.ts'),
    import('./requirements/rows.ts'),
    import('./requirements/claims.ts'),
    import('./requirements/results.ts'),
    import('./requirements/report.ts'),
  ])

const root = join(import.meta.dir, '..')
const claims = claimsIn(await testSources(root))
for (const line of reportOf(await readRows(root), claims, await lastResults(root)))
  console.log(line)

/** `bun run requirements`: which requirements a test proves, and which are open. Ends with 1 when a name claims wrongly. */
import { join } from 'node:path'
import { ensureInstalled } from './install.ts'

ensureInstalled()

const [{ testSources }, { readRows }, { claimFaults, claimsIn }, { lastResults }, { reportOf }] =
  await Promise.all([
    import('./requirements/sources.ts'),
    import('./requirements/rows.ts'),
    import('./requirements/claims.ts'),
    import('./requirements/results.ts'),
    import('./requirements/report.ts'),
  ])

const root = join(import.meta.dir, '..')
const [sources, rows] = await Promise.all([testSources(root), readRows(root)])
for (const line of reportOf(rows, claimsIn(sources), await lastResults(root))) console.log(line)
const faults = claimFaults(sources, rows)
for (const fault of faults) console.error(fault)
if (faults.length > 0) process.exitCode = 1

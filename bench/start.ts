import { memoryOf } from './memory.ts'
import { tableOf } from './table.ts'
import { freshPlace, startUp } from './up.ts'

const warmStarts = 3

/** How long `up` takes on an empty folder and on its own data, and what it holds in memory then. */
export async function start(): Promise<string> {
  const place = await freshPlace()
  const rows: (string | number)[][] = []
  try {
    const cold = await startUp(place)
    rows.push(['first start on an empty folder, s', cold.seconds])
    await cold.stop()
    for (let round = 1; round <= warmStarts; round += 1) {
      const warm = await startUp(place)
      rows.push([`start ${round + 1} on the same data, s (goal 3)`, warm.seconds])
      if (round === warmStarts) {
        const { plexus, postgres } = await memoryOf(warm.pid, place.dataDir)
        rows.push(['memory of the process, MB', plexus], ['memory of PostgreSQL, MB', postgres])
        rows.push(['memory of the whole stack, MB (goal 400)', plexus + postgres])
      }
      await warm.stop()
    }
  } finally {
    await place.remove()
  }
  return tableOf(['`bun run up`', ''], rows)
}

/** The image `plexus`: the whole graph in one process, for small servers. */
import { main } from './one/main.ts'
import { explain } from './up/explain.ts'

await main(process.env).catch((error: unknown) => {
  console.error(explain(error))
  process.exit(1)
})

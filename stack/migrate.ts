/** The image `migrate`: prepares the database of an installation once and ends. */
import { main } from './migrate/main.ts'
import { explain } from './up/explain.ts'

await main(process.env).catch((error: unknown) => {
  console.error(explain(error))
  process.exit(1)
})

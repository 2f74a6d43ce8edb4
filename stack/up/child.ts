/** Runs the `main.ts` of a service; what it refuses to start with is one sentence, as everywhere. */
import { explain } from './explain.ts'

const [, , main = ''] = process.argv
await import(main).catch((error: unknown) => {
  console.error(explain(error))
  process.exit(1)
})

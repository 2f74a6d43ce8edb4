/** `bun run drill restore`. Imports nothing that is not built in before the packages are installed. */
import { ensureInstalled } from '../stack/install.ts'

ensureInstalled()
const { drill } = await import('./drill/run.ts')
process.exit(await drill({ args: process.argv.slice(2), env: process.env, now: Date.now }))

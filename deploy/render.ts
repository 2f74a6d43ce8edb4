/** `bun deploy/render.ts`. Imports nothing that is not built in before the packages are installed. */
import { ensureInstalled } from '../stack/install.ts'

ensureInstalled()
const { main } = await import('./render/main.ts')
process.exitCode = await main(process.argv.slice(2))

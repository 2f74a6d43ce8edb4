/** `bun run docs:erd`. Imports nothing that is not built in before the packages are installed. */
import { ensureInstalled } from '../stack/install.ts'

ensureInstalled()
const { draw } = await import('./drawings/main.ts')
await draw(process.env)

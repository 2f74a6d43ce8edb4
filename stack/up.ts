/** `bun run up [--watch]`. Imports nothing that is not built in before the packages are installed. */
import { ensureInstalled } from './install.ts'

ensureInstalled()
const { up } = await import('./up/up.ts')
await up(process.argv.slice(2), process.env)

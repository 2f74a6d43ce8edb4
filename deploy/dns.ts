/** `bun deploy/dns.ts`. Imports nothing that is not built in before the packages are installed. */
import { ensureInstalled } from '../stack/install.ts'

ensureInstalled()
const { main } = await import('./dns/main.ts')
process.exitCode = main(process.argv.slice(2))

/** `bun deploy/cluster.ts`: a real cluster of one node with the whole product, for a person or for a command. */
import { ensureInstalled } from '../stack/install.ts'

ensureInstalled()
const { main } = await import('./cluster/command.ts')
process.exitCode = await main(process.argv.slice(2))

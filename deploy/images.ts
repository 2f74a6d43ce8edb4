/**
 * `bun run images`: every image of ours, as an OCI layout in dist/images. `push TAG` sends them to
 * their registry; `pin` (`bun run images:pin`) writes the digests of everybody else's.
 */
import { ensureInstalled } from '../stack/install.ts'

ensureInstalled()
const { run } = await import('./images/command.ts')
process.exitCode = await run(process.argv.slice(2), process.env)

/** `bun run audit verify`: whether nothing was changed or taken from what the system remembers of people's acts. */
import { ensureInstalled } from './install.ts'

ensureInstalled()
const { audit } = await import('./audit/main.ts')
process.exitCode = await audit(process.argv.slice(2), process.env, console.log)

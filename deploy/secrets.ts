/** `bun deploy/secrets.ts`: a complete set of Secrets for an installation, encrypted; or one of them made new. */
import { ensureInstalled } from '../stack/install.ts'

ensureInstalled()
const { makeSecrets } = await import('./secrets/command.ts')
process.exitCode = await makeSecrets(process.argv.slice(2), new Date(), console.log)

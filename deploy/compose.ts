/** `bun deploy/compose.ts [--domain NAME] [--given FILE]`: .env and certificates for compose.yaml, made once. */
import { ensureInstalled } from '../stack/install.ts'

ensureInstalled()
const { prepareCompose } = await import('./compose/prepare.ts')
process.exitCode = await prepareCompose(process.argv.slice(2), new Date(), console.log)

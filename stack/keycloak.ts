/** `bun run keycloak`. Imports nothing that is not built in before the packages are installed. */
import { ensureInstalled } from './install.ts'

ensureInstalled()
const { standAlone } = await import('./keycloak/stand-alone.ts')
await standAlone(process.env)

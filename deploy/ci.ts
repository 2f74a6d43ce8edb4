/** `bun deploy/ci.ts`: writes what GitHub, GitLab and Renovate read, from one list. */
import { ensureInstalled } from '../stack/install.ts'

ensureInstalled()
const { main } = await import('./ci/main.ts')
await main()

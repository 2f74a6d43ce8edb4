/**
 * `bun run service NAME`: one service alone in this process, with the stack's secrets and database. A variable of the
 * environment overrides the stack's value, as it would in a deployment.
 */
import { ensureInstalled } from './install.ts'

ensureInstalled()
const { runService } = await import('./up/service.ts')
await runService(process.argv[2] ?? '', process.env)

/** `bun deploy/smoke.ts https://example.org [seconds]`: whether an installation does what people need of it. */
import { ensureInstalled } from '../stack/install.ts'

ensureInstalled()
const { main } = await import('./smoke/main.ts')
process.exitCode = await main(process.argv.slice(2))

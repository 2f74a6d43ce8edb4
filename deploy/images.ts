/** `bun run images`: every image of ours, as an OCI layout in dist/images. */
import { ensureInstalled } from '../stack/install.ts'

ensureInstalled()
const { main } = await import('./images/main.ts')
await main()

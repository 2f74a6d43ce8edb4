/** `bun run bench [section …]`: a table for each section; without a name, all of them. It fails no build. */
import { hostile } from './hostile.ts'
import { identity } from './identity.ts'
import { kept } from './kept.ts'
import { live } from './live.ts'
import { overload } from './overload.ts'
import { pages } from './pages.ts'
import { registry } from './registry.ts'
import { requests } from './requests.ts'
import { sessions } from './sessions.ts'
import { silence } from './silence.ts'
import { sizes } from './sizes.ts'
import { slots } from './slots.ts'
import { start } from './start.ts'
import { swap } from './swap.ts'

const sections: Record<string, () => Promise<string>> = {
  requests,
  slots,
  start,
  sizes,
  pages,
  silence,
  sessions,
  registry,
  hostile,
  identity,
  swap,
  live,
  overload,
  kept,
}

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !(name in sections))
if (unknown) {
  console.error(
    `There is no section "${unknown}". Name one of: ${Object.keys(sections).join(', ')}.`,
  )
  process.exit(2)
}

for (const [name, run] of Object.entries(sections)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const text = await run().catch((error: unknown) => `Not measured: ${Bun.inspect(error)}`)
  console.log(`\n## ${name}\n\n${text}`)
}
process.exit(0)

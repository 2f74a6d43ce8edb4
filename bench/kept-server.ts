/**
 * The whole system in a process of its own, with a public operation that is kept and a file of the
 * same size as its answer.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { offerSessions } from '../stack/testing/coach.ts'
import { testSystem } from '../stack/testing/system.ts'

type Registered = { readonly name: string; readonly hash: string }

const coaches = 6
const folder = await mkdtemp(join(tmpdir(), 'plexus-kept-'))
const system = await testSystem({ settings: () => ({ WEB_FOLDER: folder }) })
const { origin, stop } = system
for (let number = 1; number <= coaches; number += 1) {
  const coach = await system.person(`Coach ${number}`, ['COACH'])
  await offerSessions(coach, { slug: `coach-${number}` })
}
const operations: Registered[] = await Bun.file(
  join(import.meta.dir, '../schema/operations.json'),
).json()
const hash = operations.find(({ name }) => name === 'CoachPage')?.hash
const variables = JSON.stringify({ slug: 'coach-1', locale: 'fr' })
const kept = `${origin}/graphql?${new URLSearchParams({ documentId: `sha256:${hash}`, variables })}`
const text = await (await fetch(kept)).text()
await writeFile(join(folder, 'same.json'), text)
await system.system.gateway.reload()
process.on('SIGTERM', () => {
  void Promise.all([stop(), rm(folder, { recursive: true })]).finally(() => process.exit(0))
})
const file = `${origin}/same.json`
console.log(JSON.stringify({ pid: process.pid, kept, file, bytes: Buffer.byteLength(text) }))

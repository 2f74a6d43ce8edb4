/** `bun run new reviews [review]`: a subgraph that works, to be changed into the one that is wanted. */
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { subgraphs } from '#schema/subgraphs'
import { nameFault } from './new/names.ts'

const templates = join(import.meta.dir, 'new', 'template')

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

const wordsOf = (room: string, entity: string): Record<string, string> => {
  const port = Math.max(...subgraphs.map((row) => row.port), 4005) + 1
  return {
    room,
    Room: capital(room),
    entity,
    Entity: capital(entity),
    port: String(port),
    metricsPort: String(port + 5_100),
  }
}

const filled = (text: string, words: Record<string, string>) =>
  text.replace(/\{\{(\w+)\}\}/g, (_, word: string) => words[word] ?? '')

/** `{{entity}}.type.ts.txt` becomes `review/type.ts`: the first word of a dotted name is its folder. */
function pathOf(template: string, words: Record<string, string>) {
  const name = filled(template.replace(/\.txt$/, ''), words)
  const folder = /^(migrations|test|[a-z]+)\.(.+\..+)$/.exec(name)
  return folder && folder[1] !== 'README' ? join(folder[1] ?? '', folder[2] ?? '') : name
}

/**
 * Writes the room below `root` and its row in `schema/subgraphs.ts`. Throws when the room exists, or when its name
 * cannot be used.
 */
export async function createRoom(root: string, room: string, entity = room.replace(/s$/, '')) {
  const fault = nameFault(room) ?? nameFault(entity)
  if (fault) throw new Error(fault)
  if (room === entity) throw new Error(`Name the entity as well: bun run new ${room} member`)
  const folder = join(root, 'subgraphs', room)
  if (existsSync(folder)) throw new Error(`subgraphs/${room} exists already.`)
  const words = wordsOf(room, entity)
  for (const template of await readdir(templates)) {
    const file = join(folder, pathOf(template, words))
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, filled(await readFile(join(templates, template), 'utf8'), words))
  }
  const table = join(root, 'schema', 'subgraphs.ts')
  const row = `  { name: '${room}', port: ${words.port} },\n] as const\n`
  await writeFile(table, (await readFile(table, 'utf8')).replace('] as const\n', row))
}

async function main([room = '', entity]: string[]) {
  const root = join(import.meta.dir, '..')
  await createRoom(root, room, entity)
  const format = ['x', 'biome', 'format', '--write', `subgraphs/${room}`]
  await Bun.spawn([process.execPath, ...format], { cwd: root, stdout: 'ignore' }).exited
  console.log(`subgraphs/${room} is there. Next:
  bun run schema               prints its SDL and composes the graph
  bun test subgraphs/${room}    is green; change the tests first, then the code
  subgraphs/${room}/README.md   says what the room owns`)
}

if (import.meta.main) {
  await main(process.argv.slice(2)).catch((error: Error) => {
    console.error(error.message)
    process.exit(1)
  })
}

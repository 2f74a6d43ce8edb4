import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSources } from '../check/source.ts'
import { createRoom } from '../new.ts'
import { testServer } from '../testing/server.ts'

const checkout = join(import.meta.dir, '../..')
const copied = [
  ...['gateway', 'kit', 'schema', 'stack', 'subgraphs', 'web'],
  ...['bunfig.toml', 'package.json', 'tsconfig.json'],
]

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plexus-new-'))
  for (const name of copied) await cp(join(checkout, name), join(root, name), { recursive: true })
  await symlink(join(checkout, 'node_modules'), join(root, 'node_modules'))
  await createRoom(root, 'reviews')
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** Runs a program in the copy; the result is what it said, empty when all is well. */
async function complaintOf(command: readonly string[], env: Record<string, string> = {}) {
  const child = Bun.spawn([process.execPath, ...command], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return (await child.exited) === 0 ? '' : said.join('')
}

const textOf = (path: string) => readFile(join(root, path), 'utf8')

test('a new room has the files that every room has, with its own names in them', async () => {
  const paths = (await readSources(root)).map(({ path }) => path)
  for (const file of ['app', 'builder', 'config', 'context', 'main', 'schema']) {
    expect(paths).toContain(`subgraphs/reviews/${file}.ts`)
  }
  for (const file of ['policy', 'queries', 'rules', 'rules.test', 'type']) {
    expect(paths).toContain(`subgraphs/reviews/review/${file}.ts`)
  }
  expect(paths).toContain('subgraphs/reviews/test/review.test.ts')
  expect(await textOf('subgraphs/reviews/migrations/0001_reviews.sql')).toContain('review')
  expect(await textOf('subgraphs/reviews/app.ts')).toContain('createReviews')
})

test('no placeholder is left in it', async () => {
  const sources = await readSources(root)
  for (const { path, text } of sources.filter((one) => one.path.includes('reviews'))) {
    expect(`${path}\n${text}`).not.toMatch(/\{\{\w+\}\}/)
  }
})

test('it has a row in the table of subgraphs, on a port of its own', async () => {
  const table = await textOf('schema/subgraphs.ts')
  const ports = [...table.matchAll(/name: '(\w+)', port: (\d+)/g)].map(([, , port]) => port)
  expect(table).toContain("name: 'reviews'")
  expect(new Set(ports).size).toBe(ports.length)
})

/** Types of pages take as long as all others together, and no room is named in them. */
const withoutPages = {
  extends: './tsconfig.json',
  include: ['stack/*.ts', 'stack/up', 'subgraphs/reviews', 'schema'],
}

const tsc = 'node_modules/typescript-native/bin/tsc'

const whole = `import { expect, test } from 'bun:test'
import { testSystem } from '../testing/system.ts'
test('it starts', async () => {
  const { system, stop } = await testSystem()
  expect([...system.rooms.keys()]).toContain('reviews')
  await stop()
})
`

test('after `bun run schema` stack and room type-check, its tests pass and the system starts', async () => {
  expect(await complaintOf(['stack/schema.ts'])).toBe('')
  await writeFile(join(root, 'stack/test/whole.test.ts'), whole)
  await writeFile(join(root, 'tsconfig.room.json'), JSON.stringify(withoutPages))
  const { adminUrl, exclusively } = await testServer()
  const types = complaintOf([tsc, '--noEmit', '-p', 'tsconfig.room.json'])
  // Roles belong to the whole server: nobody else prepares a database meanwhile.
  const tests = exclusively(() =>
    complaintOf(['test', 'subgraphs/reviews', 'stack/test/whole.test.ts'], {
      PLEXUS_TEST_POSTGRES: adminUrl,
    }),
  )
  expect(await types).toBe('')
  expect(await tests).toBe('')
}, 180_000)

describe('a name is refused', () => {
  const rows: [string, string | undefined, string][] = [
    ['reviews', undefined, 'exists already'],
    ['Reviews', undefined, 'Name the room in plural'],
    ['../evil', undefined, 'Name the room in plural'],
    ['staff', 'staff', 'Name the entity as well'],
    ['', undefined, 'Name the room in plural'],
    ['class', undefined, '"class" means something already'],
    ['orders', undefined, '"order" means something already'],
    ['queries', 'query', '"query" means something already'],
  ]
  test.each(rows)('%s', async (room, entity, reason) => {
    await expect(createRoom(root, room, entity)).rejects.toThrow(reason)
  })
})

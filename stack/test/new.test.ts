import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSources } from '../check/source.ts'
import { createRoom } from '../new.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plexus-new-'))
  await cp(join(import.meta.dir, '../../schema'), join(root, 'schema'), { recursive: true })
  await createRoom(root, 'reviews')
})
afterAll(() => rm(root, { recursive: true, force: true }))

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
  for (const { path, text } of await readSources(root)) {
    expect(`${path}\n${text}`).not.toMatch(/\{\{\w+\}\}/)
  }
})

test('it has a row in the table of subgraphs, on a port of its own', async () => {
  const table = await textOf('schema/subgraphs.ts')
  const ports = [...table.matchAll(/name: '(\w+)', port: (\d+)/g)].map(([, , port]) => port)
  expect(table).toContain("name: 'reviews'")
  expect(new Set(ports).size).toBe(ports.length)
})

describe('a name is refused', () => {
  const rows: [string, string | undefined, string][] = [
    ['reviews', undefined, 'exists already'],
    ['Reviews', undefined, 'Name the room in plural'],
    ['../evil', undefined, 'Name the room in plural'],
    ['staff', 'staff', 'Name the room in plural'],
    ['', undefined, 'Name the room in plural'],
  ]
  test.each(rows)('%s', async (room, entity, reason) => {
    await expect(createRoom(root, room, entity)).rejects.toThrow(reason)
  })
})

import { afterAll, expect, test } from 'bun:test'
import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { watchFile } from '../watched-file.ts'
import { eventually } from './edge-harness.ts'

const root = await mkdtemp(join(tmpdir(), 'plexus-watch-'))
afterAll(() => rm(root, { recursive: true }))

/** What a watcher of the file has offered. */
function watching(file: string) {
  const texts: string[] = []
  const warnings: string[] = []
  const watched = watchFile({
    ...{ file, pollMs: 5 },
    offer: async (text) => texts.push(text),
    log: { warn: (message) => warnings.push(message) },
  })
  return { ...watched, texts, warnings, last: async (text: string) => texts.at(-1) === text }
}

test('a file that is written over is read again', async () => {
  const file = join(root, 'written.graphql')
  await writeFile(file, 'one')
  const watched = watching(file)
  await eventually(() => watched.last('one'))
  await writeFile(file, 'two')
  await eventually(() => watched.last('two'))
  watched.stop()
})

test('a folder that is swapped as Kubernetes swaps it is a new file', async () => {
  const mount = join(root, 'mount')
  for (const [revision, text] of [
    ['..1', 'one'],
    ['..2', 'two'],
  ] as const) {
    await mkdir(join(mount, revision), { recursive: true })
    await writeFile(join(mount, revision, 'supergraph.graphql'), text)
  }
  await symlink('..1', join(mount, '..data'))
  await symlink('..data/supergraph.graphql', join(mount, 'supergraph.graphql'))
  const watched = watching(join(mount, 'supergraph.graphql'))
  await eventually(() => watched.last('one'))
  await symlink('..2', join(mount, '..next'))
  await rename(join(mount, '..next'), join(mount, '..data'))
  await eventually(() => watched.last('two'))
  watched.stop()
})

test('a file that is gone is said once, and is seen when it is back', async () => {
  const file = join(root, 'gone.graphql')
  await writeFile(file, 'one')
  const watched = watching(file)
  await eventually(() => watched.last('one'))
  await unlink(file)
  await eventually(async () => watched.warnings.length > 0)
  await writeFile(file, 'three')
  await eventually(() => watched.last('three'))
  expect(watched.warnings).toHaveLength(1)
  watched.stop()
})

test('looking offers what is there although nothing has changed', async () => {
  const file = join(root, 'still.graphql')
  await writeFile(file, 'one')
  const watched = watching(file)
  await watched.look()
  const before = watched.texts.length
  await watched.look()
  expect(watched.texts.length).toBeGreaterThan(before)
  watched.stop()
})

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const source = join(import.meta.dir, '../..')
let place: string
let origin: string

const env = {
  PATH: Bun.env.PATH ?? '',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@plexus.example',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@plexus.example',
}

async function run(cwd: string, ...command: readonly string[]) {
  const child = Bun.spawn([...command], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, said] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { code: await child.exited, out: out.trim(), said }
}

async function git(cwd: string, ...args: readonly string[]) {
  const { code, out, said } = await run(cwd, 'git', ...args)
  if (code !== 0) throw new Error(said)
  return out
}

/** A clone with the scripts, the record of the images, and one file that changes. */
async function clone(name: string) {
  const folder = join(place, name)
  await git(place, 'clone', '--quiet', origin, folder)
  return folder
}

async function change(folder: string, branch: string, text: string) {
  await writeFile(join(folder, 'app.txt'), text)
  await git(folder, 'add', '.')
  await git(folder, 'commit', '--quiet', '--message', `app: ${text}`)
  await git(folder, 'push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`)
}

const appOn = (branch: string) => git(origin, 'show', `${branch}:app.txt`)

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'plexus-ci-'))
  origin = join(place, 'origin.git')
  await git(place, 'init', '--quiet', '--bare', '--initial-branch=main', origin)
  const folder = await clone('first')
  await mkdir(join(folder, 'deploy/k3s/components/images'), { recursive: true })
  await cp(join(source, '.ci'), join(folder, '.ci'), { recursive: true })
  await writeFile(join(folder, 'deploy/images.json'), 'old digests')
  await writeFile(join(folder, 'deploy/k3s/components/images/kustomization.yaml'), 'old digests')
  await change(folder, 'main', 'one')
  await change(folder, 'main', 'two')
})

afterAll(() => rm(place, { recursive: true }))

test('a change that fails is taken back by a new commit, and a revert never by another', async () => {
  const folder = await clone('reverting')
  expect(await run(folder, '.ci/revert', 'main')).toMatchObject({ code: 0 })
  expect(await appOn('main')).toBe('one')
  const { code, said } = await run(folder, '.ci/revert', 'main')
  expect(code).toBe(1)
  expect(said).toContain('a person has to look')
  expect(await appOn('main')).toBe('one')
})

test('production gets the commit with the digests of its images, again after a rollback', async () => {
  const folder = await clone('promoting')
  await change(folder, 'main', 'three')
  await writeFile(join(folder, 'deploy/images.json'), 'digests of three')
  expect(await run(folder, '.ci/promote')).toMatchObject({ code: 0 })
  expect(await appOn('production')).toBe('three')
  expect(await git(origin, 'show', 'production:deploy/images.json')).toBe('digests of three')
  expect(await git(origin, 'show', 'main:deploy/images.json')).toBe('old digests')
  expect(await run(await clone('back'), '.ci/revert', 'production')).toMatchObject({ code: 0 })
  expect(await git(origin, 'show', 'production:deploy/images.json')).toBe('old digests')
  const later = await clone('later')
  await change(later, 'main', 'four')
  await writeFile(join(later, 'deploy/images.json'), 'digests of four')
  expect(await run(later, '.ci/promote')).toMatchObject({ code: 0 })
  expect(await appOn('production')).toBe('four')
  expect(await git(origin, 'show', 'production:deploy/images.json')).toBe('digests of four')
})

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

test('production does not get secrets or backups that the committed test key opens', async () => {
  const folder = await clone('open to all')
  const before = await git(origin, 'rev-parse', 'production')
  const keys = join(folder, 'deploy/test/keys')
  await cp(join(source, 'deploy/test/keys'), keys, { recursive: true })
  const stage = join(folder, 'deploy/k3s/flux/clusters/production')
  await mkdir(join(stage, 'secrets'), { recursive: true })
  const settings = join(stage, 'settings.yaml')
  const [key] = /age1\w+/.exec(await Bun.file(join(keys, 'age.txt')).text()) ?? []
  await writeFile(settings, `BACKUP_RECIPIENT: ${key}\n`)
  const { code, said } = await run(folder, '.ci/promote')
  expect(code).toBe(1)
  expect(said).toContain('deploy/k3s/flux/clusters/production/settings.yaml')
  expect(await git(origin, 'rev-parse', 'production')).toBe(before)
  await writeFile(settings, 'BACKUP_RECIPIENT: age1another\n')
  expect(await run(folder, '.ci/promote')).toMatchObject({ code: 0 })
})

test('what the cluster writes of its images is not what is taken back, but the change before', async () => {
  const folder = await clone('automated')
  await change(folder, 'main', 'five')
  await writeFile(join(folder, 'staging.txt'), 'digests of five')
  await git(folder, 'add', '.')
  const said = 'chore(staging): images of sha256:5\n\n[skip ci]'
  await git(folder, 'commit', '--quiet', '--message', said)
  await git(folder, 'push', '--quiet', 'origin', 'HEAD:refs/heads/main')
  expect(await run(await clone('taken'), '.ci/revert', 'main')).toMatchObject({ code: 0 })
  expect(await appOn('main')).toBe('four')
  expect(await git(origin, 'show', 'main:staging.txt')).toBe('digests of five')
  expect((await run(await clone('again'), '.ci/revert', 'main')).code).toBe(1)
})

test('a release that fails is taken back whole, with its manifests and its images', async () => {
  const [before, images] = await Promise.all([
    appOn('production'),
    git(origin, 'show', 'production:deploy/images.json'),
  ])
  const folder = await clone('release')
  await change(folder, 'main', 'six')
  await writeFile(join(folder, 'deploy/images.json'), 'digests of six')
  expect(await run(folder, '.ci/promote')).toMatchObject({ code: 0 })
  expect(await appOn('production')).toBe('six')
  expect(await run(await clone('back again'), '.ci/revert', 'production')).toMatchObject({
    code: 0,
  })
  expect(await appOn('production')).toBe(before)
  expect(await git(origin, 'show', 'production:deploy/images.json')).toBe(images)
})

test('staging is tested when its cluster has taken the images that were built, not before', async () => {
  const folder = await clone('staging')
  const built = ['- name: plexus/gateway', '  newName: ghcr.io/x/gateway', '  digest: sha256:7']
  const images = join(folder, 'deploy/k3s/components/images/kustomization.yaml')
  await writeFile(images, `images:\n${built.join('\n')}\n`)
  const stage = join(folder, 'deploy/k3s/flux/clusters/staging')
  await mkdir(stage, { recursive: true })
  const runs = async (digest: string) => {
    const lines = ['- name: ghcr.io/x/gateway', `  digest: ${digest} # {"$imagepolicy": "x"}`]
    await writeFile(join(stage, 'plexus.yaml'), `spec:\n  images:\n${lines.join('\n')}\n`)
    await change(folder, 'main', digest)
    return run(folder, '.ci/await-images', '0')
  }
  const early = await runs('sha256:6')
  expect(early.code).toBe(1)
  expect(early.said).toContain('ghcr.io/x/gateway sha256:6')
  expect((await runs('sha256:7')).code).toBe(0)
})

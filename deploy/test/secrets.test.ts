import { expect, test } from 'bun:test'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { newAuthority, serverNames } from '../secrets/authority.ts'
import { makeSecrets } from '../secrets/command.ts'
import { givenFrom } from '../secrets/given.ts'
import { fileNameOf, secretManifests } from '../secrets/manifests.ts'
import { type Material, materialFrom, newMaterial } from '../secrets/material.ts'
import { rotated } from '../secrets/rotate.ts'
import { recipientsOf } from '../secrets/sops.ts'
import { secretTable } from '../secrets/table.ts'
import { serviceNames, startWith } from './service-config.ts'

const root = resolve(import.meta.dir, '../..')
const now = new Date('2026-11-22T05:00:00Z')
const material = await newMaterial(now, {})

const secretOf = (all: Material, name: string) =>
  secretManifests(all).find(({ metadata }) => metadata.name === name)?.stringData ?? {}

async function inFolder(work: (folder: string) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), 'plexus-'))
  await work(folder).finally(() => rm(folder, { recursive: true }))
}

/** The exit code, and everything that was said. */
async function run(...args: string[]) {
  const lines: string[] = []
  const code = await makeSecrets(args, now, (line) => lines.push(line))
  return { code, said: lines.join('\n') }
}

test.each(serviceNames)(
  '%s starts with the Secret that is made for it, and not without',
  async (name) => {
    expect(await startWith(name, secretOf(material, `${name}-secret`))).toBeDefined()
    expect(startWith(name, {})).rejects.toThrow('DATABASE_URL: is required')
  },
)

/** Every pod that can read a Secret in which this text is. */
const readersOf = (text: string) =>
  secretTable
    .filter(({ values }) => Object.values(values(material)).some((value) => value.includes(text)))
    .flatMap(({ readers }) => readers)
    .sort()
    .join(' ')

test('each secret is where it is needed and nowhere else', () => {
  const { passwords, rings, identity, server } = material
  const inside = { ...passwords, ...rings, identity: identity.signing.d, server: server.key }
  const table = Object.entries(inside).map(([name, text]) => [name, readersOf(text)])
  expect(Object.fromEntries(table)).toEqual({
    users: 'migrate users',
    bookings: 'bookings migrate',
    billing: 'billing migrate',
    auth: 'auth migrate',
    gateway: 'gateway migrate',
    postgres: 'backup drill migrate postgres postgres-replica',
    replication: 'postgres postgres-replica',
    monitor: 'migrate postgres-exporter',
    valkey: 'gateway valkey',
    keycloak: 'keycloak migrate',
    'keycloak-admin': 'keycloak',
    'web-client': 'gateway keycloak',
    'accounts-client': 'auth keycloak',
    'partner-client': 'keycloak',
    'slot-token': 'bookings',
    stripe: 'billing',
    'stripe-webhook': 'billing',
    'backup-cipher': 'backup drill postgres',
    grafana: 'grafana',
    receiver: 'notification-controller',
    session: 'gateway',
    letter: 'auth users',
    identity: 'gateway',
    server: 'pooler postgres postgres-replica snapshot',
  })
})

test('the database proves each of its names to whoever trusts its authority, and to nobody else', async () => {
  const server = new X509Certificate(material.server.certificate)
  const authority = new X509Certificate(material.authority.certificate)
  expect(server.checkIssued(authority)).toBe(true)
  expect(server.verify(authority.publicKey)).toBe(true)
  for (const name of serverNames) expect(server.checkHost(name)).toBe(name)
  expect(server.checkHost('postgres.evil')).toBeUndefined()
  expect(server.ca).toBe(false)
  const other = new X509Certificate((await newAuthority()).certificate)
  expect(server.verify(other.publicKey)).toBe(false)
  expect(JSON.stringify(secretManifests(material))).not.toContain(
    material.authority.key.slice(40, 90),
  )
})

const Jwks = z.object({ keys: z.array(z.object({ kid: z.string() })) })

/** Which keys subgraphs of that time trust, and which one its gateway signs with. */
function keysOf(all: Material) {
  const text = secretOf(all, 'users-secret').IDENTITY_PUBLIC_JWKS ?? ''
  return {
    trusted: Jwks.parse(JSON.parse(text)).keys.map(({ kid }) => kid),
    signing: all.identity.signing.kid,
  }
}

test('no token is refused while the key of identity tokens is rotated, whoever restarts first', async () => {
  const states = [material]
  for (let step = 0; step < 4; step += 1) {
    states.push((await rotated(states.at(-1) ?? material, 'identity', now)).material)
  }
  const keys = states.map(keysOf)
  keys.slice(1).forEach((later, index) => {
    const earlier = keys[index]
    expect(later.trusted).toContain(earlier?.signing ?? '')
    expect(earlier?.trusted).toContain(later.signing)
  })
  expect(new Set(keys.map(({ signing }) => signing)).size).toBe(3)
  expect(keys.at(-1)?.trusted).not.toContain(material.identity.signing.kid)
})

test('a ring that is rotated still opens what the key before has sealed', async () => {
  const { material: next } = await rotated(material, 'session', new Date('2026-12-22T05:00:00Z'))
  const [first, second] = next.rings.session.split(',')
  expect(second).toBe(material.rings.session)
  expect(first).not.toBe(second)
  expect(await startWith('gateway', secretOf(next, 'gateway-secret'))).toBeDefined()
  expect(next.rings.letter).toBe(material.rings.letter)
})

test('a password that is rotated changes for everybody who has it, and nothing else does', async () => {
  const { material: next } = await rotated(material, 'bookings', now)
  const before = secretManifests(material)
  const changed = secretManifests(next)
    .filter((manifest, index) => JSON.stringify(manifest) !== JSON.stringify(before[index]))
    .map(({ metadata }) => metadata.name)
  expect(changed).toEqual(['bookings-secret', 'migrate-secret'])
  expect(rotated(material, 'everything', now)).rejects.toThrow('cannot be rotated')
})

test('a set of an earlier release gets what it does not have, and keeps what it has', async () => {
  const { monitor: _, ...passwords } = material.passwords
  const { material: kept } = { material: await materialFrom({ ...material, passwords }, now, {}) }
  expect({ ...kept, passwords }).toEqual({ ...material, passwords })
  expect(kept.passwords.monitor).toBeDefined()
  expect(kept.passwords.users).toBe(material.passwords.users)
})

test('what is given goes where it belongs; a name that nothing asks for is refused', async () => {
  const key = `sk_test_${'1'.repeat(10)}`
  const given = givenFrom(`STRIPE_SECRET_KEY=${key}\n# a comment\nGOOGLE_CLIENT_ID="abc"\n`)
  const all = await materialFrom(material, now, given)
  expect(secretOf(all, 'billing-secret').STRIPE_SECRET_KEY).toBe(key)
  expect(secretOf(all, 'keycloak-secret').GOOGLE_ENABLED).toBe('true')
  expect(() => givenFrom('STRIPE_SECRET=x')).toThrow('Nothing asks for STRIPE_SECRET')
})

test('a plain set is written only when it is asked for, and never into the repository', async () => {
  const inside = await run('--plain', '--out', join(root, 'deploy/k3s/base'))
  expect(inside).toEqual({
    code: 1,
    said: 'A plain set is not written into the repository: choose another --out.',
  })
  expect((await run('--plain', '--stage', 'staging')).code).toBe(1)
  await inFolder(async (folder) => {
    const set = join(folder, 'set')
    expect((await run('--out', set)).code).toBe(1)
    const first = await run('--plain', '--out', set)
    expect(first.code).toBe(0)
    const file = Bun.file(join(set, 'app.users-secret.yaml'))
    const text = await file.text()
    expect((await file.stat()).mode & 0o077).toBe(0)
    expect((await run('--plain', '--out', set)).said).toStartWith(`${set}: nothing changed`)
    expect(await file.text()).toBe(text)
  })
})

test('a folder that holds something else is left as it is', () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, 'kustomization.yaml'), 'resources: []\n')
    const { code, said } = await run('--plain', '--out', folder)
    expect({ code, said }).toEqual({
      code: 1,
      said: `${folder} holds something else: name an empty folder.`,
    })
    expect(await readFile(join(folder, 'kustomization.yaml'), 'utf8')).toBe('resources: []\n')
  }))

const Committed = z.object({
  kind: z.literal('Secret'),
  stringData: z.record(z.string(), z.string()),
})

test.each(['staging', 'production'])(
  '[KG-15] the committed set of %s is whole, and nothing in it can be read without a key',
  async (stage) => {
    const folder = join(root, 'deploy/k3s/flux/clusters', stage, 'secrets')
    const names = secretManifests(material).map((manifest) => `${fileNameOf(manifest)}.sops.yaml`)
    const { resources } = z
      .object({ resources: z.array(z.string()) })
      .parse(parse(await readFile(join(folder, 'kustomization.yaml'), 'utf8')))
    expect(resources).toEqual([...names].sort())
    for (const name of names) {
      const text = await readFile(join(folder, name), 'utf8')
      expect(recipientsOf(text).length, name).toBeGreaterThan(0)
      const { stringData } = Committed.parse(parse(text))
      const hidden = Object.values(stringData).filter((value) => value !== '')
      for (const value of hidden) expect(value, name).toMatch(/^ENC\[AES256_GCM,data:/)
    }
    const whole = await readFile(join(folder, 'installation.sops.yaml'), 'utf8')
    expect(recipientsOf(whole).length).toBeGreaterThan(0)
    expect(whole).not.toMatch(/PRIVATE KEY/)
  },
)

const Settings = z.object({ data: z.object({ BACKUP_RECIPIENT: z.string() }) })

test.each(['staging', 'production'])(
  'backups of %s are encrypted for somebody who can read its secrets: no key of a test stays behind',
  async (stage) => {
    const cluster = join(root, 'deploy/k3s/flux/clusters', stage)
    const settings = await readFile(join(cluster, 'settings.yaml'), 'utf8')
    const whole = await readFile(join(cluster, 'secrets/installation.sops.yaml'), 'utf8')
    expect(recipientsOf(whole)).toContain(Settings.parse(parse(settings)).data.BACKUP_RECIPIENT)
  },
)
